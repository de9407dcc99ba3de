package import Kernel

/// Closes a pool's books through a day that has ended.
package struct ClosePeriod: FundCommand {
  package var pool: String
  package var through: BusinessDate

  package init(pool: String, through: BusinessDate) {
    self.pool = pool
    self.through = through
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> PeriodClose {
    var pool = try fund.pool(pool)
    if let closed = pool.closedThrough, through <= closed {
      throw DomainError(
        .stateConflict, "\(pool.name) is closed through \(closed)", field: "through",
        metadata: ["closed_through": "\(closed)"])
    }
    guard let ended = pool.lastDayEnd, through <= ended else {
      throw DomainError(
        .stateConflict, "the day end of \(through) has not run for \(pool.name)", field: "through",
        metadata: ["last_day_end": pool.lastDayEnd.map { "\($0)" } ?? ""])
    }
    var (debits, credits): (Int128, Int128) = (0, 0)
    for account in try fund.accounts(ofPool: pool.id) {
      for day in try fund.postedTotals(of: account, through: through) {
        debits += Int128(day.debits)
        credits += Int128(day.credits)
      }
    }
    guard debits == credits, let total = Int64(exactly: debits) else {
      throw DomainError(.chainBroken, "\(pool.name) does not balance at the close of \(through)")
    }
    let close = PeriodClose(
      id: "\(pool.id).\(through)", pool: pool.id, through: through, debits: total, credits: total,
      lastTransfer: fund.ledger.head.transfers, officer: context.officer, stamp: RecordStamp(context.now))
    pool.closedThrough = through
    pool.updateTime = context.now
    pool.revision += 1
    fund.save(pool)
    fund.save(close)
    fund.emit(.periodClosed, pool.name, pool: pool.id, state: "closed", on: through)
    return close
  }
}
