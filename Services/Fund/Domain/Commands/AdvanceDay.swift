package import Kernel

/// Day end of a pool. A day is ended once; asked again, it answers the report of the first time.
package struct AdvanceDay: FundCommand {
  package var pool: String
  /// The day that ended.
  package var businessDate: BusinessDate

  package init(pool: String, businessDate: BusinessDate) {
    self.pool = pool
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> DayReport {
    let pool = try fund.pool(pool)
    if let done = try fund.recordIfAny(DayReport.self, DayReport.id(pool: pool.id, on: businessDate)) { return done }
    if let last = pool.lastDayEnd, businessDate < last {
      throw DomainError(
        .stateConflict, "\(pool.name) has ended \(last); \(businessDate) was ended without a report or not at all",
        field: "business_date", metadata: ["last_day_end": "\(last)"])
    }
    let day = DayEnd(fund: fund, context: context, pool: pool, date: businessDate)
    return try day.run()
  }
}
