/// Adds up the periods of one key, which come one after another in their order.
package struct QueryFold {
  private let indicatorID: String
  private let keepsPeriod: Bool
  private let limit: Int
  package private(set) var rows: [QueryRow] = []

  package init(indicatorID: String, keepsPeriod: Bool, limit: Int) {
    self.indicatorID = indicatorID
    self.keepsPeriod = keepsPeriod
    self.limit = limit
  }

  /// - Returns: whether more rows are wanted.
  package mutating func take(_ key: [String], _ period: Period, facts: Int64, _ sum: Int128) -> Bool {
    if facts == 0 { return true }
    let full = [indicatorID] + key
    if !keepsPeriod, let last = rows.last, last.key == full {
      rows[rows.count - 1].count += facts
      rows[rows.count - 1].sum += sum
      rows[rows.count - 1].last = sum
      rows[rows.count - 1].lastPeriod = period
      return true
    }
    if rows.count == limit { return false }
    rows.append(
      QueryRow(
        key: full, period: keepsPeriod ? period : nil, count: facts, sum: sum, last: sum, lastPeriod: period))
    return true
  }
}

/// Where a page of a query goes on within an indicator.
package struct QueryPosition: Sendable, Hashable {
  /// The last row's dimensions in order but the period.
  package var key: [String]
  /// The last row's period; `nil` when the period is no dimension.
  package var period: Period?

  package init(key: [String], period: Period?) {
    self.key = key
    self.period = period
  }
}
