package import Kernel

/// The bank says what became of the renewal it promised: the fact on which a bridge is paid back.
package struct RecordRenewal: FundCommand {
  package var loan: String
  package var outcome: RenewalOutcome
  /// The bank's reference of the new loan.
  package var newLoan: String
  package var amount: Money?
  package var renewedOn: BusinessDate?
  package var reason: String
  package var evidence: [Evidence]
  package var businessDate: BusinessDate

  package init(
    loan: String, outcome: RenewalOutcome, newLoan: String, amount: Money?, renewedOn: BusinessDate?, reason: String,
    evidence: [Evidence], businessDate: BusinessDate
  ) {
    self.loan = loan
    self.outcome = outcome
    self.newLoan = newLoan
    self.amount = amount
    self.renewedOn = renewedOn
    self.reason = reason
    self.evidence = evidence
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    var loan = try fund.bridgeLoan(loan)
    guard context.caller.organisation == loan.bank else {
      throw DomainError(
        .outOfScope, "only \(loan.bank) can say what became of its renewal", metadata: ["institution": loan.bank])
    }
    guard loan.state == .disbursed || loan.state == .overdue, let disbursedOn = loan.disbursedOn else {
      throw DomainError(
        .stateConflict, "\(loan.name) is \(loan.state): nothing is outstanding",
        metadata: ["resource": loan.name, "state": "\(loan.state)"])
    }
    if let known = loan.details.renewal {
      throw DomainError(
        .stateConflict, "\(loan.name) was \(known.outcome) by \(known.recordedBy) already",
        metadata: ["resource": loan.name, "outcome": "\(known.outcome)"])
    }
    switch outcome {
    case .renewed: try requireRenewed(loan, disbursedOn)
    case .refused: try requireRefused()
    }
    try Field.evidence(evidence, atLeast: 1)
    try loan.requireOrder(businessDate)
    loan.details.renewal = BridgeRenewal(
      outcome: outcome, newLoan: newLoan, amount: amount?.minorUnits, renewedOn: renewedOn, reason: reason,
      evidence: evidence, recordedBy: context.officer, recordedOn: businessDate)
    loan.updateTime = context.now
    loan.revision += 1
    fund.save(loan)
    fund.emit(outcome == .renewed ? .bridgeRenewed : .bridgeRenewalRefused, loan, on: businessDate)
    return loan
  }

  private func requireRenewed(_ loan: BridgeLoan, _ disbursedOn: BusinessDate) throws(DomainError) {
    try Field.text(newLoan, "new_loan", 1...96)
    guard let amount else { throw DomainError(.requiredFieldMissing, "amount is required", field: "amount") }
    try Field.positive(amount, "amount", in: loan.currency)
    guard let renewedOn else { throw DomainError(.requiredFieldMissing, "renewed_on is required", field: "renewed_on") }
    guard disbursedOn <= renewedOn, renewedOn <= businessDate else {
      throw .invalid("renewed_on", "\(renewedOn) does not lie from \(disbursedOn), the payment, to \(businessDate)")
    }
    try Field.text(reason, "reason", 0...FundLimits.reasonLength)
  }

  private func requireRefused() throws(DomainError) {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    if !newLoan.isEmpty { throw .invalid("new_loan", "a refused renewal has no new loan") }
    if amount != nil { throw .invalid("amount", "a refused renewal has no amount") }
    if renewedOn != nil { throw .invalid("renewed_on", "a refused renewal has no day") }
  }
}
