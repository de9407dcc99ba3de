package import Kernel

/// The bank promises to renew the expiring loan.
package struct CommitRenewal: FundCommand {
  package var loan: String
  package var amount: Money
  package var expiresOn: BusinessDate
  package var condition: String
  package var businessDate: BusinessDate

  package init(loan: String, amount: Money, expiresOn: BusinessDate, condition: String, businessDate: BusinessDate) {
    self.loan = loan
    self.amount = amount
    self.expiresOn = expiresOn
    self.condition = condition
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    try Field.text(condition, "condition", 0...FundLimits.reasonLength)
    var loan = try fund.bridgeLoan(loan)
    guard context.caller.organisation == loan.bank else {
      throw DomainError(
        .outOfScope, "only \(loan.bank) can promise to renew its loan", metadata: ["institution": loan.bank])
    }
    try Field.positive(amount, "amount", in: loan.currency)
    if expiresOn < businessDate { throw DomainError.invalid("expires_on", "\(expiresOn) lies before \(businessDate)") }
    try loan.requireOrder(businessDate)
    try loan.step(to: .renewalCommitted, at: context.now)
    loan.commitment = RenewalCommitment(
      amount: amount.minorUnits, expiresOn: expiresOn, condition: condition, signedBy: context.officer)
    fund.save(loan)
    fund.emit(.renewalCommitted, loan, on: businessDate)
    return loan
  }
}
