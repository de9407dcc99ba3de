package import Kernel
import Policy

/// Approves, the checker's step, and reserves the money until the bank's promise lapses. When the pool is dry, or others
/// wait already, the loan waits: those to whom the packs give priority by their grade first, then in the order of approval.
package struct ApproveBridgeLoan: FundCommand {
  package var loan: String
  package var businessDate: BusinessDate

  package init(loan: String, businessDate: BusinessDate) {
    self.loan = loan
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    var loan = try fund.bridgeLoan(loan)
    guard loan.state == .renewalCommitted else {
      throw DomainError(
        .stateConflict, "\(loan.name) is \(loan.state) and cannot become approved",
        metadata: ["resource": loan.name, "state": "\(loan.state)", "wanted": "approved"])
    }
    guard let commitment = loan.commitment else {
      throw DomainError(.policyConditionFailed, "the bank's renewal commitment comes first")
    }
    try loan.requireOrder(businessDate)
    try fund.control(.bridgeApproval, loan.controlled(after: loan.hands, on: businessDate), context)
    if businessDate > commitment.expiresOn {
      throw DomainError(
        .transferExpired, "the bank's commitment held until \(commitment.expiresOn)", field: "business_date")
    }
    let (programme, pool) = (try fund.bridgeProgramme(loan.programme), try fund.pool(loan.pool))
    var terms = try BridgeTerms(programme, pool: pool, loan: loan, policy: context.policy, on: businessDate)
    try fund.requireNotSuspended(programme, pool, bank: loan.bank, &terms)
    try terms.requireUseCheck(of: loan)
    try terms.requireAmount(loan.money(loan.amount))
    try terms.requireShare(of: loan.money(commitment.amount), amount: loan.money(loan.amount))
    loan.details.hasPriority = try terms.hasPriority(loan.grade)
    for citation in terms.citations where !loan.citations.contains(citation) { loan.citations.append(citation) }
    loan.checker = context.officer
    if try fund.waits(loan, context.policy, on: businessDate) {
      try loan.step(to: .queued, at: context.now)
      loan.details.queuedAt = context.now.microseconds
      loan.details.queuedOn = businessDate
      fund.save(loan)
      fund.emit(.bridgeQueued, loan, on: businessDate)
      return loan
    }
    return try fund.reserveMoney(for: loan, until: commitment.expiresOn, on: businessDate, context)
  }
}

extension BridgeLoan {
  /// The loan as a case in which an officer takes the last step.
  func controlled(after hands: [Officer], on date: BusinessDate) -> ControlledCase {
    ControlledCase(
      subject: name, pool: pool, hands: hands, beneficiary: bank, terms: DecisionTerms(amount: money(amount)),
      date: date)
  }
}

extension FundTransaction {
  /// Cash of the pool that nothing is reserved on.
  func freeCash(ofPool id: String) throws -> Int64 {
    guard let cash = try ledger.account(id: AccountID.make(pool: id, code: ChartOfAccounts.cash)) else { return 0 }
    return cash.balances.debitsPosted - cash.balances.creditsPosted - cash.balances.creditsPending
  }

  func reserveMoney(
    for waiting: BridgeLoan, until lastDay: BusinessDate, on date: BusinessDate, _ context: DecisionContext
  ) throws -> BridgeLoan {
    var loan = waiting
    try loan.step(to: .approved, at: context.now)
    loan.details.steppedOn = date
    let reservation = try ledger.post(
      Postings(pool: loan.pool, reference: loan.name, on: date)
        .pending(
          .bridgePayout, debit: ChartOfAccounts.bridgePrincipal, credit: ChartOfAccounts.cash, loan.amount,
          expiresOn: lastDay))
    loan.transfers.append(reservation.number)
    save(loan)
    emit(.bridgeApproved, loan, on: date)
    return loan
  }

  /// Whether there is no money for a loan, or others come first.
  func waits(_ loan: BridgeLoan, _ policy: PolicyBook, on date: BusinessDate) throws -> Bool {
    if try freeCash(ofPool: loan.pool) < loan.amount { return true }
    return try queuedBridgeLoans(pool: loan.pool).contains { other in
      guard other.details.hasPriority == true || loan.details.hasPriority != true else { return false }
      return try canBeServed(other, policy, on: date)
    }
  }

  /// A lapsed promise is let go by the day end; a suspended programme or bank gets nothing until it is resumed.
  private func canBeServed(_ loan: BridgeLoan, _ policy: PolicyBook, on date: BusinessDate) throws -> Bool {
    guard let commitment = loan.commitment, commitment.expiresOn >= date else { return false }
    return try !isSuspended(loan, policy, on: date)
  }

  /// Gives money that has become free to those who wait, in the order of the queue: nobody overtakes one who waits for
  /// more. Loans of a suspended programme or bank are passed over.
  /// - Returns: how many were served.
  @discardableResult
  func serveQueue(ofPool id: String, _ context: DecisionContext, on date: BusinessDate) throws -> Int64 {
    var served: Int64 = 0
    for loan in try queuedBridgeLoans(pool: id) {
      // Money that is entered late serves nobody before the day of the approval.
      let day = max(date, loan.details.steppedOn ?? date)
      guard let commitment = loan.commitment, try canBeServed(loan, context.policy, on: day) else { continue }
      if try freeCash(ofPool: id) < loan.amount { break }
      _ = try reserveMoney(for: loan, until: commitment.expiresOn, on: day, context)
      served += 1
    }
    return served
  }
}
