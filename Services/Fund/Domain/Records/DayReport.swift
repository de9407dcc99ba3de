package import Kernel

/// What the end of a day did, and how the pool stood after it. Amounts in minor units.
package struct DayReport: FundRecord {
  package static let kind = RecordKind.dayReport

  /// Subrogated claims by the days since they were paid.
  package struct Age: Sendable, Hashable, Codable {
    package let fromDay: Int
    /// Nil for no end.
    package let toDay: Int?
    package var guarantees: Int64 = 0
    package var open: Int64 = 0
  }

  package let pool: String
  package let businessDate: BusinessDate
  package let currency: Currency
  package var expiredGuarantees: Int64 = 0
  package var expiredTransfers: Int64 = 0
  package var overdueBridgeLoans: Int64 = 0
  package var lapsedBridgeLoans: Int64 = 0
  package var servedBridgeLoans: Int64 = 0
  package var trippedFacilities: [String] = []
  package var suspendedProgrammes: [String] = []
  package var accruedFee: Int64 = 0
  package var unearnedFee: Int64 = 0
  package var guaranteesInForce: Int64 = 0
  package var bridgeLoansOut: Int64 = 0
  /// Bounds as risk reporting has them: a quarter, half a year, a year.
  package var ages = [
    Age(fromDay: 0, toDay: 90), Age(fromDay: 91, toDay: 180), Age(fromDay: 181, toDay: 360),
    Age(fromDay: 361, toDay: nil),
  ]
  package var cash: Int64 = 0
  package var netAssets: Int64 = 0
  package var liability: Int64 = 0
  package var lastTransfer: Int64 = 0
  package var trialBalanceDifference: Int64 = 0
  package var lateRenewals: Int64 = 0
  package let stamp: RecordStamp

  package init(pool: String, businessDate: BusinessDate, currency: Currency, stamp: RecordStamp) {
    self.pool = pool
    self.businessDate = businessDate
    self.currency = currency
    self.stamp = stamp
  }

  package var id: String { Self.id(pool: pool, on: businessDate) }
  package var owner: String { pool }

  static func id(pool: String, on date: BusinessDate) -> String { "\(pool).\(date)" }
}
