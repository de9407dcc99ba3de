package import Kernel

/// Declines, or lets go of, a bridge loan that is not disbursed; money reserved for it is free again.
package struct DeclineBridgeLoan: FundCommand {
  package var loan: String
  package var reason: String
  package var businessDate: BusinessDate

  package init(loan: String, reason: String, businessDate: BusinessDate) {
    self.loan = loan
    self.reason = reason
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> BridgeLoan {
    try Field.text(reason, "reason", 1...FundLimits.reasonLength)
    var loan = try fund.bridgeLoan(loan)
    try context.requireInstitution(loan.bank)
    let (wasReserved, wasWaiting) = (loan.state == .approved, loan.state == .queued)
    try loan.step(to: .declined, at: context.now)
    try loan.requireOrder(businessDate)
    if wasReserved, let reservation = loan.transfers.first {
      let postings = Postings(pool: loan.pool, reference: loan.name, on: businessDate)
      loan.transfers.append(try fund.ledger.post(postings.void(reservation)).number)
    }
    loan.remark = reason
    fund.save(loan)
    fund.emit(.bridgeDeclined, loan, on: businessDate)
    // Its money, or its place, is somebody else's now.
    if wasReserved || wasWaiting { try fund.serveQueue(ofPool: loan.pool, context, on: businessDate) }
    return loan
  }
}
