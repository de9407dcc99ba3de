package import Kernel

/// Pays straight to the loan account at the bank.
package struct DisburseBridgeLoan: FundCommand {
  package var loan: String
  package var days: Int
  package var businessDate: BusinessDate

  package init(loan: String, days: Int, businessDate: BusinessDate) {
    self.loan = loan
    self.days = days
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    var loan = try fund.bridgeLoan(loan)
    guard (1...BridgeFee.maximumDays).contains(days) else {
      throw DomainError.invalid("days", "1 to \(BridgeFee.maximumDays) days")
    }
    try loan.step(to: .disbursed, at: context.now)
    let programme = try fund.bridgeProgramme(loan.programme)
    var terms = try BridgeTerms(
      programme, pool: try fund.pool(loan.pool), loan: loan, policy: context.policy, on: businessDate)
    try terms.requireDays(days)
    let postings = Postings(pool: loan.pool, reference: loan.name, on: businessDate)
    loan.transfers.append(try fund.ledger.post(postings.post(loan.transfers.first ?? 0)).number)
    loan.disbursedOn = businessDate
    loan.dueOn = try businessDate.adding(days: days)
    for citation in terms.citations where !loan.citations.contains(citation) { loan.citations.append(citation) }
    fund.save(loan)
    fund.emit(.bridgeDisbursed, loan, on: businessDate)
    return loan
  }
}
