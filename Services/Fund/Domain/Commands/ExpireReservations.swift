package import Kernel

/// Day end of a pool: what lapsed is released and what is late is marked. Repeating a day finds nothing left to do.
package struct ExpireReservations: FundCommand {
  package struct Report: Sendable, Hashable {
    package var expiredGuarantees: Int64 = 0
    package var expiredTransfers: Int64 = 0
    package var overdueBridgeLoans: Int64 = 0
    package var lapsedBridgeLoans: Int64 = 0
    package var trialBalanceDifference: Int64 = 0

    package init() {}
  }

  package var pool: String
  /// The day that ended.
  package var businessDate: BusinessDate

  package init(pool: String, businessDate: BusinessDate) {
    self.pool = pool
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Report {
    var pool = try fund.pool(pool)
    var report = Report()
    for guarantee in try fund.lapsedReservations(pool: pool.id, lastDay: businessDate) {
      try expire(guarantee, fund, context)
      report.expiredGuarantees += 1
    }
    for loan in try fund.openBridgeLoans(pool: pool.id) {
      switch try age(loan, fund, context) {
      case .overdue: report.overdueBridgeLoans += 1
      case .declined: report.lapsedBridgeLoans += 1
      default: break
      }
    }
    for pending in try fund.lapsedPendings(pool: pool.id, lastDay: businessDate) {
      // Those of guarantees and bridge loans ended above.
      guard try fund.ledger.pending(number: pending.transfer.number)?.state == .open else { continue }
      let postings = Postings(pool: pool.id, reference: pending.transfer.reference, on: businessDate)
      try fund.ledger.post(postings.expire(pending.transfer.number))
      report.expiredTransfers += 1
    }
    report.trialBalanceDifference = try fund.trialDifference(ofPool: pool.id)
    if pool.lastDayEnd.map({ $0 < businessDate }) ?? true {
      pool.lastDayEnd = businessDate
      pool.updateTime = context.now
      pool.revision += 1
      fund.save(pool)
      fund.emit(FundEvent(.poolDayEnd, subject: pool.name, pool: pool.id, on: businessDate, .none))
    }
    return report
  }

  private func expire(_ lapsed: Guarantee, _ fund: FundTransaction, _ context: DecisionContext) throws {
    var guarantee = lapsed
    try guarantee.step(to: .expired, at: context.now)
    let postings = Postings(pool: guarantee.pool, reference: guarantee.name, on: businessDate)
    guarantee.transfers.append(try fund.ledger.post(postings.expire(guarantee.transfers[0])).number)
    guarantee.endedOn = businessDate
    guarantee.remark = "not committed by \(guarantee.expiresOn)"
    fund.save(guarantee)
    fund.emit(.guaranteeExpired, guarantee, on: businessDate)
  }

  /// - Returns: the loan's state after the day.
  private func age(
    _ open: BridgeLoan, _ fund: FundTransaction, _ context: DecisionContext
  ) throws -> BridgeLoanState {
    var loan = open
    if loan.state == .disbursed, let dueOn = loan.dueOn, dueOn <= businessDate {
      try loan.step(to: .overdue, at: context.now)
      fund.save(loan)
      fund.emit(.bridgeOverdue, loan, on: businessDate)
      return .overdue
    }
    if loan.state == .approved, let commitment = loan.commitment, commitment.expiresOn <= businessDate,
      let reservation = loan.transfers.first
    {
      try loan.step(to: .declined, at: context.now)
      let postings = Postings(pool: loan.pool, reference: loan.name, on: businessDate)
      loan.transfers.append(try fund.ledger.post(postings.expire(reservation)).number)
      loan.remark = "the bank's commitment lapsed on \(commitment.expiresOn)"
      fund.save(loan)
      fund.emit(.bridgeDeclined, loan, on: businessDate)
      return .declined
    }
    return open.state
  }
}
