package import Kernel
import Policy

/// Applies for a bridge loan on an expiring bank loan, the maker's step.
package struct ApplyBridgeLoan: FundCommand {
  /// Id of the bridge loan, made by the edge.
  package var id: String
  package var programme: String
  package var journey: String
  package var borrower: String
  package var borrowerKind: BridgeBorrowerKind
  package var borrowerSize: BorrowerSize?
  package var grade: PlatformGrade?
  package var bank: String
  package var existingLoan: String
  package var loanAccount: String
  package var existingLoanAmount: Money
  package var amount: Money
  package var ownFunds: Money
  package var renewalDate: BusinessDate
  package var businessDate: BusinessDate
  /// What the expiring loan was used for.
  package var purpose: String
  package var ownFundsEvidence: [Evidence] = []

  package init(
    id: String, programme: String, journey: String, borrower: String, borrowerKind: BridgeBorrowerKind,
    borrowerSize: BorrowerSize?, grade: PlatformGrade?, bank: String, existingLoan: String, loanAccount: String,
    existingLoanAmount: Money,
    amount: Money, ownFunds: Money, renewalDate: BusinessDate, purpose: String, businessDate: BusinessDate
  ) {
    self.id = id
    self.programme = programme
    self.journey = journey
    self.borrower = borrower
    self.borrowerKind = borrowerKind
    self.borrowerSize = borrowerSize
    self.grade = grade
    self.bank = bank
    self.existingLoan = existingLoan
    self.loanAccount = loanAccount
    self.existingLoanAmount = existingLoanAmount
    self.amount = amount
    self.ownFunds = ownFunds
    self.renewalDate = renewalDate
    self.purpose = purpose
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    let programme = try fund.bridgeProgramme(programme)
    let pool = try fund.pool(programme.pool)
    try requireForm(programme.currency)
    try context.requireInstitution(bank)
    var loan = BridgeLoan(
      id: id, programme: programme.id, pool: pool.id, currency: pool.currency, journey: journey, borrower: borrower,
      borrowerKind: borrowerKind, borrowerSize: borrowerSize, grade: grade, bank: bank, existingLoan: existingLoan,
      loanAccount: loanAccount,
      amount: amount.minorUnits, existingLoanAmount: existingLoanAmount.minorUnits, ownFunds: ownFunds.minorUnits,
      renewalDate: renewalDate, appliedOn: businessDate, maker: context.officer, createTime: context.now, citations: [])
    loan.details.purpose = purpose
    loan.details.ownFundsEvidence = ownFundsEvidence
    loan.details.steppedOn = businessDate
    var terms = try BridgeTerms(programme, pool: pool, loan: loan, policy: context.policy, on: businessDate)
    try fund.requireNotSuspended(programme, pool, bank: bank, &terms)
    try terms.requirePurpose(purpose)
    try terms.requireOwnMoney(ownFunds, ownFundsEvidence)
    try terms.requireAmount(amount)
    try terms.requireFee()
    loan.citations = terms.citations
    fund.save(loan)
    fund.emit(.bridgeApplied, loan, on: businessDate)
    return loan
  }

  private func requireForm(_ currency: Currency) throws(DomainError) {
    try Field.text(journey, "journey", 0...FundLimits.journeyLength)
    try Field.text(borrower, "borrower", 1...FundLimits.borrowerLength)
    try Field.text(bank, "bank", 1...FundLimits.organisationLength)
    try Field.text(purpose, "purpose", 1...64)
    try Field.evidence(ownFundsEvidence, atLeast: 0, "own_funds_evidence")
    try Field.text(existingLoan, "existing_loan", 1...96)
    try Field.text(loanAccount, "loan_account", 1...64)
    try Field.positive(existingLoanAmount, "existing_loan_amount", in: currency)
    try Field.positive(amount, "amount", in: currency)
    try Field.notNegative(ownFunds, "own_funds", in: currency)
    if amount.minorUnits > existingLoanAmount.minorUnits {
      throw .invalid("amount", "\(amount) is more than the expiring loan of \(existingLoanAmount)")
    }
    if try amount.adding(ownFunds).minorUnits < existingLoanAmount.minorUnits {
      throw DomainError(
        .policyConditionFailed,
        "bridge loan and own funds together must cover the expiring loan of \(existingLoanAmount)", field: "own_funds")
    }
    if renewalDate < businessDate { throw .invalid("renewal_date", "\(renewalDate) lies before \(businessDate)") }
  }
}
