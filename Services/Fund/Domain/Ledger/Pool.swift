package import Kernel

/// A pot of public money with its own chart of accounts.
package struct Pool: Sendable, Hashable {
  package let id: String
  package let displayName: String
  package let currency: Currency
  /// GB/T 2260 code of the region whose policy packs govern the pool, or another code outside China.
  package let regionCode: String
  package let seedCapital: Int64
  package let createTime: Instant
  package var lastDayEnd: BusinessDate?
  /// Last day of the closed books; nil before the first close.
  package var closedThrough: BusinessDate?
  /// Day through which bridge fees have been accrued; nil before the first accrual.
  package var accruedThrough: BusinessDate?
  package var updateTime: Instant
  package var revision: Int64

  package init(
    id: String, displayName: String, currency: Currency, regionCode: String, seedCapital: Int64, createTime: Instant,
    lastDayEnd: BusinessDate? = nil, closedThrough: BusinessDate? = nil,
    accruedThrough: BusinessDate? = nil, updateTime: Instant, revision: Int64 = 1
  ) {
    self.id = id
    self.displayName = displayName
    self.currency = currency
    self.regionCode = regionCode
    self.seedCapital = seedCapital
    self.createTime = createTime
    self.lastDayEnd = lastDayEnd
    self.closedThrough = closedThrough
    self.accruedThrough = accruedThrough
    self.updateTime = updateTime
    self.revision = revision
  }

  package var name: String { "pools/\(id)" }
}

/// What a pool's accounts say of it, minor units.
package struct PoolFigures: Sendable, Hashable {
  package let cash: Int64
  /// Capital and income less losses.
  package let netAssets: Int64
  /// Liability of all facilities, in force and reserved.
  package let liability: Int64

  /// - Parameter accounts: every account of the pool; order does not matter.
  package init(_ accounts: some Sequence<Account>) {
    var cash: Int64 = 0
    var netAssets: Int64 = 0
    var liability: Int64 = 0
    for account in accounts {
      let posted = account.balances.posted(on: account.normalSide)
      switch account.accountClass {
      case .cash: cash += posted
      case .capital, .guaranteeFeeIncome, .bridgeFeeIncome, .penaltyIncome: netAssets += posted
      case .claimLoss, .compensation, .subsidy, .bankCharge: netAssets -= posted
      case .liability: liability += posted + account.balances.creditsPending
      case .subrogation, .party, .bridgePrincipal, .clearing, .limitContra, .capacity, .accruedFee, .unearnedFee,
        .suspense:
        break
      }
    }
    self.cash = cash
    self.netAssets = netAssets
    self.liability = liability
  }
}

/// Totals of every account of a pool.
package struct TrialBalance: Sendable, Hashable {
  package struct Line: Sendable, Hashable {
    package let code: String
    package let displayName: String
    package let balances: Balances

    package init(code: String, displayName: String, balances: Balances) {
      self.code = code
      self.displayName = displayName
      self.balances = balances
    }
  }

  package let pool: String
  package let currency: Currency
  /// Close of business of this day; nil for now.
  package let businessDate: BusinessDate?
  /// In the order of the codes.
  package let lines: [Line]

  package init(pool: String, currency: Currency, businessDate: BusinessDate?, lines: [Line]) {
    self.pool = pool
    self.currency = currency
    self.businessDate = businessDate
    self.lines = lines
  }

  package var debitsPosted: Int64 { lines.reduce(0) { $0 + $1.balances.debitsPosted } }
  package var creditsPosted: Int64 { lines.reduce(0) { $0 + $1.balances.creditsPosted } }
  /// Always zero, or the ledger is broken.
  package var difference: Int64 { debitsPosted - creditsPosted }
}
