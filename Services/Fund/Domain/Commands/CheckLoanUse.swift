package import Kernel

/// The bank or the fund says, on evidence, whether the expiring loan was put to the use it was given for. One that was
/// diverted is not bridged.
package struct CheckLoanUse: FundCommand {
  package var loan: String
  package var finding: LoanUseFinding
  package var note: String
  package var evidence: [Evidence]
  package var businessDate: BusinessDate

  package init(
    loan: String, finding: LoanUseFinding, note: String, evidence: [Evidence], businessDate: BusinessDate
  ) {
    self.loan = loan
    self.finding = finding
    self.note = note
    self.evidence = evidence
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    try Field.text(note, "note", (finding == .diverted ? 1 : 0)...FundLimits.reasonLength)
    try Field.evidence(evidence, atLeast: 1)
    var loan = try fund.bridgeLoan(loan)
    try context.requireInstitution(loan.bank)
    guard loan.state == .applied || loan.state == .renewalCommitted else {
      throw DomainError(
        .stateConflict, "\(loan.name) is \(loan.state): its use is looked at before the approval",
        metadata: ["resource": loan.name, "state": "\(loan.state)"])
    }
    if let known = loan.details.useCheck {
      throw DomainError(
        .stateConflict, "\(loan.name) was looked at by \(known.checkedBy) already", metadata: ["resource": loan.name])
    }
    if context.officer == loan.maker {
      throw DomainError(
        .sameOfficer, "another officer than \(loan.maker), who applied, looks at the use of the loan",
        metadata: ["maker": "\(loan.maker)"])
    }
    try loan.requireOrder(businessDate)
    loan.details.useCheck = LoanUseCheck(
      finding: finding, note: note, evidence: evidence, checkedBy: context.officer, checkedOn: businessDate)
    loan.updateTime = context.now
    if finding == .diverted {
      try loan.step(to: .declined, at: context.now)
      loan.remark = note
    } else {
      loan.revision += 1
    }
    fund.save(loan)
    fund.emit(.bridgeUseChecked, loan, on: businessDate)
    if finding == .diverted { fund.emit(.bridgeDeclined, loan, on: businessDate) }
    return loan
  }
}
