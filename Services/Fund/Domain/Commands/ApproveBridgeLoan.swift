package import Kernel

/// Approves, the checker's step, and reserves the money until the bank's promise lapses.
package struct ApproveBridgeLoan: FundCommand {
  package var loan: String
  package var businessDate: BusinessDate

  package init(loan: String, businessDate: BusinessDate) {
    self.loan = loan
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    var loan = try fund.bridgeLoan(loan)
    try loan.step(to: .approved, at: context.now)
    guard let commitment = loan.commitment else {
      throw DomainError(.policyConditionFailed, "the bank's renewal commitment comes first")
    }
    try context.requireChecker(of: loan.maker, beneficiary: loan.bank, doing: "approving a bridge loan")
    if businessDate > commitment.expiresOn {
      throw DomainError(
        .transferExpired, "the bank's commitment held until \(commitment.expiresOn)", field: "business_date")
    }
    let programme = try fund.bridgeProgramme(loan.programme)
    var terms = try BridgeTerms(
      programme, pool: try fund.pool(loan.pool), loan: loan, policy: context.policy, on: businessDate)
    try terms.requireAmount(loan.money(loan.amount))
    try terms.requireShare(of: loan.money(commitment.amount), amount: loan.money(loan.amount))
    let reservation = try fund.ledger.post(
      Postings(pool: loan.pool, reference: loan.name, on: businessDate)
        .pending(
          .bridgePayout, debit: ChartOfAccounts.bridgePrincipal, credit: ChartOfAccounts.cash, loan.amount,
          expiresOn: commitment.expiresOn))
    loan.transfers.append(reservation.number)
    loan.checker = context.officer
    for citation in terms.citations where !loan.citations.contains(citation) { loan.citations.append(citation) }
    fund.save(loan)
    fund.emit(.bridgeApproved, loan, on: businessDate)
    return loan
  }
}
