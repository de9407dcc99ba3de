package import Kernel
import Policy

/// Lends for longer because the renewal is late. The fee goes on by the terms of the day of payment.
package struct ExtendBridgeLoan: FundCommand {
  package var loan: String
  package var dueOn: BusinessDate
  package var reason: String
  package var businessDate: BusinessDate

  package init(loan: String, dueOn: BusinessDate, reason: String, businessDate: BusinessDate) {
    self.loan = loan
    self.dueOn = dueOn
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var loan = try fund.bridgeLoan(loan)
    guard loan.state == .disbursed || loan.state == .overdue, let disbursedOn = loan.disbursedOn,
      let due = loan.dueOn
    else {
      throw DomainError(
        .stateConflict, "\(loan.name) is \(loan.state): nothing is outstanding",
        metadata: ["resource": loan.name, "state": "\(loan.state)"])
    }
    try loan.requireOrder(businessDate)
    if dueOn <= due || dueOn < businessDate {
      throw DomainError.invalid("due_on", "\(dueOn) is not after \(max(due, businessDate))")
    }
    var terms = try BridgeTerms(
      try fund.bridgeProgramme(loan.programme), pool: try fund.pool(loan.pool), loan: loan, policy: context.policy,
      on: disbursedOn)
    try terms.requireDays(dueOn.days(since: disbursedOn))
    if loan.state == .overdue {
      try loan.step(to: .disbursed, at: context.now)
    } else {
      loan.updateTime = context.now
      loan.revision += 1
    }
    loan.dueOn = dueOn
    loan.details.extensions += 1
    loan.remark = reason
    fund.save(loan)
    fund.emit(.bridgeExtended, loan, on: businessDate)
    return loan
  }
}
