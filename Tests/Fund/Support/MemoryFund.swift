import FundDomain
import Kernel

/// The fund in dictionaries: runs the same decisions as the store, for tests of rules.
final class MemoryFund: FundSource {
  var accounts: [Int64: Account] = [:]
  var transfers: [Transfer] = []
  var pendings: [Int64: PendingTransfer] = [:]
  var refusals: Set<TransferID> = []
  var pools: [String: Pool] = [:]
  var facilities: [String: Facility] = [:]
  var years: [FacilityYear] = []
  var guarantees: [String: Guarantee] = [:]
  var programmes: [String: BridgeProgramme] = [:]
  var loans: [String: BridgeLoan] = [:]
  var records: [BookRecord] = []
  var refusedRows: [BookRecord] = []
  var lenders: [LenderKey: BookTotals] = [:]
  var events: [FundEvent] = []

  let rules: FundRules

  init(_ rules: FundRules) { self.rules = rules }

  /// Decides and takes the changes over; a throw changes nothing.
  @discardableResult
  func run<Command: FundCommand>(_ command: Command, by caller: Caller = Fixture.officer) throws -> Command.Outcome {
    let fund = try FundTransaction(self)
    let outcome = try command.decide(fund, rules.context(for: caller, at: Fixture.now))
    absorb(fund)
    return outcome
  }

  private func absorb(_ fund: FundTransaction) {
    for account in fund.ledger.newAccounts + fund.ledger.changed { accounts[account.number] = account }
    transfers += fund.ledger.recorded
    for pending in fund.ledger.endedOrMade { pendings[pending.transfer.number] = pending }
    refusals.formUnion(fund.ledger.refused)
    let changes = fund.changes
    pools.merge(changes.pools) { $1 }
    facilities.merge(changes.facilities) { $1 }
    for year in changes.facilityYears.values {
      years.removeAll { $0.facility == year.facility && $0.year == year.year }
      years.append(year)
    }
    guarantees.merge(changes.guarantees) { $1 }
    programmes.merge(changes.bridgeProgrammes) { $1 }
    loans.merge(changes.bridgeLoans) { $1 }
    records += changes.bookRecords
    refusedRows += changes.bookRefusals
    lenders.merge(changes.lenderTotals) { $1 }
    events += changes.events
  }

  func balances(_ id: String) -> Balances? { accounts.values.first { $0.id == id }?.balances }

  /// Σ debits less Σ credits, posted and pending, over all accounts. Partial sums may pass 64 bits.
  var imbalance: Int128 {
    accounts.values.reduce(0) { sum, account in
      let balances = account.balances
      let debits = Int128(balances.debitsPosted) + Int128(balances.debitsPending)
      return sum + debits - Int128(balances.creditsPosted) - Int128(balances.creditsPending)
    }
  }

  // MARK: FundSource

  func account(id: String) throws -> Account? { accounts.values.first { $0.id == id } }
  func account(number: Int64) throws -> Account? { accounts[number] }
  func transfer(id: TransferID) throws -> Transfer? { transfers.first { $0.id == id } }
  func isRefused(_ id: TransferID) throws -> Bool { refusals.contains(id) }
  func pending(number: Int64) throws -> PendingTransfer? { pendings[number] }
  func ledgerHead() throws -> LedgerHead {
    LedgerHead(transfers: Int64(transfers.count), accounts: Int64(accounts.count))
  }

  func pool(_ id: String) throws -> Pool? { pools[id] }
  func accounts(ofPool id: String) throws -> [Account] { accounts.values.filter { $0.pool == id } }
  func facility(_ id: String) throws -> Facility? { facilities[id] }
  func facilityYear(_ facility: String, _ year: Int) throws -> FacilityYear? {
    years.first { $0.facility == facility && $0.year == year }
  }
  func guarantee(_ id: String) throws -> Guarantee? { guarantees[id] }
  func guarantees(ofBorrowers keys: [String], reservedSince day: BusinessDate) throws -> [Guarantee] {
    guarantees.values.filter { keys.contains($0.borrower) && ($0.state.bearsLiability || $0.reservedOn >= day) }
  }
  func lapsedReservations(pool: String, lastDay: BusinessDate) throws -> [Guarantee] {
    guarantees.values.filter { $0.pool == pool && $0.state == .reserved && $0.expiresOn <= lastDay }
      .sorted { $0.id < $1.id }
  }
  func lapsedPendings(pool: String, lastDay: BusinessDate) throws -> [PendingTransfer] {
    pendings.values.filter {
      $0.transfer.pool == pool && $0.state == .open && ($0.transfer.expiresOn ?? lastDay) <= lastDay
    }.sorted { $0.transfer.number < $1.transfer.number }
  }
  func bridgeProgramme(_ id: String) throws -> BridgeProgramme? { programmes[id] }
  func bridgeLoan(_ id: String) throws -> BridgeLoan? { loans[id] }
  func openBridgeLoans(pool: String) throws -> [BridgeLoan] {
    loans.values.filter { $0.pool == pool && ($0.state == .approved || $0.state == .disbursed) }.sorted {
      $0.id < $1.id
    }
  }
  func overduePrincipal(programme: String) throws -> Int64 {
    loans.values.filter { $0.programme == programme && $0.state == .overdue }.reduce(0) { $0 + $1.amount }
  }
  func bookRecord(facility: String, loanNumber: String) throws -> BookRecord? {
    records.first { $0.facility == facility && $0.row.loanNumber == loanNumber }
  }
  func lenderTotals(facility: String, lender: String) throws -> BookTotals? {
    lenders.first { $0.key.facility == facility && $0.key.lender == lender }?.value
  }
}
