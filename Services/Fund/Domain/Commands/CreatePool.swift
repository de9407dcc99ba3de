package import Kernel

/// A pool as callers see it: its record and what its accounts say.
package struct PoolView: Sendable, Hashable {
  package let pool: Pool
  package let figures: PoolFigures

  package init(pool: Pool, figures: PoolFigures) {
    self.pool = pool
    self.figures = figures
  }
}

/// Opens a pool with its chart of accounts and posts the seed capital against equity.
package struct CreatePool: FundCommand {
  package var id: String
  package var displayName: String
  package var regionCode: String
  package var seedCapital: Money
  package var businessDate: BusinessDate

  package init(id: String, displayName: String, regionCode: String, seedCapital: Money, businessDate: BusinessDate) {
    self.id = id
    self.displayName = displayName
    self.regionCode = regionCode
    self.seedCapital = seedCapital
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> PoolView {
    try Field.id(id, "pool_id", FundLimits.poolIDLength)
    try Field.text(displayName, "display_name", 1...FundLimits.displayNameLength)
    try Field.text(regionCode, "region_code", 1...12)
    try Field.positive(seedCapital, "seed_capital")
    try fund.requireNew(pool: id)
    let pool = Pool(
      id: id, displayName: displayName, currency: seedCapital.currency, regionCode: regionCode,
      seedCapital: seedCapital.minorUnits, createTime: context.now, updateTime: context.now)
    for entry in ChartOfAccounts.ofPool {
      try fund.ledger.open(entry, pool: id, currency: pool.currency, at: context.now)
    }
    try fund.ledger.post(
      Postings(pool: id, reference: pool.name, on: businessDate)
        .single(
          .capitalInjection, debit: ChartOfAccounts.cash, credit: ChartOfAccounts.capital, seedCapital.minorUnits))
    fund.save(pool)
    fund.emit(FundEvent(.poolCreated, subject: pool.name, pool: id, on: businessDate, .none))
    return PoolView(pool: pool, figures: try fund.figures(ofPool: id))
  }
}
