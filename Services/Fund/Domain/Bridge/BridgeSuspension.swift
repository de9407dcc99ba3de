import Kernel
import Policy

/// What stops new business of a programme: overdue loans above the packs' share of the fund, or officers.
extension FundTransaction {
  /// - Throws: `BREAKER_TRIPPED` when the programme, or the bank in it, gets no new loans.
  func requireNotSuspended(
    _ programme: BridgeProgramme, _ pool: Pool, bank: String, _ terms: inout BridgeTerms
  ) throws {
    let overdue = try overduePrincipal(programme: programme.id)
    var isBankStopped = programme.terms.suspendedBanks.contains(bank)
    if let cap = try terms.bankOverdueCap() {
      isBankStopped = try isBankStopped || isAbove(cap, overdue[bank] ?? 0, of: pool)
    }
    if isBankStopped {
      throw DomainError(
        .breakerTripped, "\(programme.name) takes no new loans of \(bank)",
        metadata: ["programme": programme.name, "bank": bank])
    }
    var isStopped = programme.isSuspended
    if let cap = try terms.overdueCap() {
      isStopped = try isStopped || isAbove(cap, overdue.values.reduce(0, +), of: pool)
    }
    if isStopped {
      throw DomainError(
        .breakerTripped, "\(programme.name) is suspended: too much of the fund is overdue",
        metadata: ["programme": programme.name])
    }
  }

  /// Whether a loan may go on to money; one that waits is passed over until then.
  func isSuspended(_ loan: BridgeLoan, _ policy: PolicyBook, on date: BusinessDate) throws -> Bool {
    let (programme, pool) = (try bridgeProgramme(loan.programme), try pool(loan.pool))
    var terms = try BridgeTerms(programme, pool: pool, loan: loan, policy: policy, on: date)
    do {
      try requireNotSuspended(programme, pool, bank: loan.bank, &terms)
      return false
    } catch let error as DomainError
      where [.breakerTripped, .policyFactMissing, .policyNotStated].contains(error.reason)
    {
      // Where the rules of the day cannot be read for a loan, it waits; nobody else's money does.
      return true
    }
  }

  /// What the packs stop for the programme at large: all of it, and single banks in the order of their ids.
  func overdueAboveCaps(
    _ programme: BridgeProgramme, _ pool: Pool, _ policy: PolicyBook, on date: BusinessDate
  ) throws -> (fund: Bool, banks: [String]) {
    let overdue = try overduePrincipal(programme: programme.id)
    if overdue.isEmpty { return (false, []) }
    let scope = PolicyScope(region: pool.regionCode, product: programme.product)
    func cap(_ parameter: String) throws -> PolicyValue<Rate>? {
      do {
        return try policy.parameterIfStated(parameter, as: .rate, scope: scope, on: date)
      } catch  where error.reason == .policyFactMissing {
        // The packs ask about the borrower: the rule is applied with each application.
        return nil
      }
    }
    var fund = false
    if let cap = try cap("bridge_loan.fund_overdue.cap") {
      fund = try isAbove(cap, overdue.values.reduce(0, +), of: pool)
    }
    guard let bankCap = try cap("bridge_loan.bank_overdue.cap") else { return (fund, []) }
    return (fund, try overdue.filter { try isAbove(bankCap, $0.value, of: pool) }.keys.sorted())
  }

  private func isAbove(_ cap: PolicyValue<Rate>, _ overdue: Int64, of pool: Pool) throws -> Bool {
    if overdue == 0 { return false }
    let netAssets = try figures(ofPool: pool.id).netAssets
    return try netAssets <= 0 || !cap.admits(Rate(overdue, over: netAssets))
  }
}
