package import Kernel

/// Approves, the checker's step, and reserves the money until the bank's promise lapses. When the pool is dry, or others
/// wait already, the loan waits in the order of approval.
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
    try fund.control(
      .bridgeApproval, loan.controlled(after: [loan.maker, commitment.signedBy], on: businessDate), context)
    if businessDate > commitment.expiresOn {
      throw DomainError(
        .transferExpired, "the bank's commitment held until \(commitment.expiresOn)", field: "business_date")
    }
    let programme = try fund.bridgeProgramme(loan.programme)
    var terms = try BridgeTerms(
      programme, pool: try fund.pool(loan.pool), loan: loan, policy: context.policy, on: businessDate)
    try terms.requireAmount(loan.money(loan.amount))
    try terms.requireShare(of: loan.money(commitment.amount), amount: loan.money(loan.amount))
    for citation in terms.citations where !loan.citations.contains(citation) { loan.citations.append(citation) }
    loan.checker = context.officer
    let mustWait =
      try !fund.queuedBridgeLoans(pool: loan.pool).isEmpty || fund.freeCash(ofPool: loan.pool) < loan.amount
    if mustWait {
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

  /// Gives money that has become free to those who wait, first come first: nobody overtakes one who waits for more.
  /// - Returns: how many were served.
  @discardableResult
  func serveQueue(ofPool id: String, _ context: DecisionContext, on date: BusinessDate) throws -> Int64 {
    var served: Int64 = 0
    for loan in try queuedBridgeLoans(pool: id) {
      // A lapsed commitment is let go by the day end.
      guard let commitment = loan.commitment, commitment.expiresOn >= date else { continue }
      if try freeCash(ofPool: id) < loan.amount { break }
      _ = try reserveMoney(for: loan, until: commitment.expiresOn, on: date, context)
      served += 1
    }
    return served
  }
}
