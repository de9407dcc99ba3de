package import Kernel

/// Turns a claim down, the checker's step. The claim and its evidence are kept, the guarantee stays in force; a breaker that the claim tripped stays tripped
/// until an officer resets it.
package struct RejectClaim: FundCommand {
  package var guarantee: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(guarantee: String, reason: String, businessDate: BusinessDate) {
    self.guarantee = guarantee
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Guarantee {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var guarantee = try fund.guarantee(guarantee)
    guard guarantee.state == .claimSubmitted, var claim = guarantee.claim else {
      throw DomainError(
        .stateConflict, "\(guarantee.name) is \(guarantee.state) and has no open claim",
        metadata: ["resource": guarantee.name, "state": "\(guarantee.state)"])
    }
    try fund.control(
      .claimRejection, guarantee.controlled(after: [claim.maker], reason: reason, on: businessDate), context)
    try guarantee.step(to: .inForce, at: context.now)
    try guarantee.requireOrder(businessDate, after: claim.submittedOn)
    claim.checker = context.officer
    try fund.keepRejected(claim, of: guarantee, reason: reason, on: businessDate, at: context.now)
    guarantee.claim = nil
    guarantee.remark = reason
    var year = try fund.facilityYear(guarantee.facility, claim.submittedOn.year)
    year.claimsPending -= claim.total
    fund.save(year)
    fund.save(guarantee)
    fund.emit(.claimRejected, guarantee, amount: claim.total, on: businessDate)
    return guarantee
  }
}
