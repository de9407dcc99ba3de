package import Kernel

/// Gives up a reservation: the journey was declined, withdrawn or lapsed.
package struct VoidGuarantee: FundCommand {
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
    try context.requireInstitution(guarantee.lender)
    try guarantee.step(to: .voided, at: context.now)
    try guarantee.requireOrder(businessDate, after: guarantee.reservedOn)
    let postings = Postings(pool: guarantee.pool, reference: guarantee.name, on: businessDate)
    guarantee.transfers.append(try fund.ledger.post(postings.void(guarantee.transfers[0])).number)
    guarantee.endedOn = businessDate
    guarantee.remark = reason
    fund.save(guarantee)
    fund.emit(.guaranteeVoided, guarantee, on: businessDate)
    return guarantee
  }
}
