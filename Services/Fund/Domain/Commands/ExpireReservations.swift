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
      try fund.expire(guarantee, on: businessDate, context)
      report.expiredGuarantees += 1
    }
    for loan in try fund.openBridgeLoans(pool: pool.id) {
      switch try fund.age(loan, on: businessDate, context) {
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
}
