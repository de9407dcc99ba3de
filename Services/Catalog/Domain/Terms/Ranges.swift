package import Kernel

/// A range of whole numbers; a bound is included unless it says otherwise. Official texts differ on that: 以下 of 300号
/// excludes, Yantai's 及以下 includes.
package struct IntegerRange: Hashable, Sendable, Codable {
  package var min: Int64?
  package var minExclusive: Bool
  package var max: Int64?
  package var maxExclusive: Bool

  package init(min: Int64? = nil, minExclusive: Bool = false, max: Int64? = nil, maxExclusive: Bool = false) {
    self.min = min
    self.minExclusive = minExclusive
    self.max = max
    self.maxExclusive = maxExclusive
  }

  /// The least number inside; `nil` without a lower bound. `Int64.max` exclusive has none, which `isEmpty` reports.
  package var lowest: Int64? { min.map { minExclusive ? ($0 == .max ? $0 : $0 + 1) : $0 } }
  /// The greatest number inside; `nil` without an upper bound.
  package var highest: Int64? { max.map { maxExclusive ? ($0 == .min ? $0 : $0 - 1) : $0 } }

  /// Whether no number lies inside.
  package var isEmpty: Bool {
    if min == .max, minExclusive { return true }
    if max == .min, maxExclusive { return true }
    guard let lowest, let highest else { return false }
    return lowest > highest
  }

  package func contains(_ value: Int64) -> Bool {
    if let min, minExclusive ? value <= min : value < min { return false }
    if let max, maxExclusive ? value >= max : value > max { return false }
    return true
  }

  /// - Throws: `REQUIRED_FIELD_MISSING` without a bound; `INVALID_ARGUMENT` when empty.
  package func validate(_ field: String) throws(DomainError) {
    if min == nil && max == nil {
      throw DomainError(.requiredFieldMissing, "a range needs at least one bound", field: field)
    }
    if isEmpty { throw .invalid(field, "no value lies between the bounds") }
  }
}

/// The amounts a product is offered for, in minor units of one currency.
package struct AmountRange: Hashable, Sendable, Codable {
  package var currency: Currency
  package var bounds: IntegerRange

  package init(currency: Currency, bounds: IntegerRange) {
    self.currency = currency
    self.bounds = bounds
  }
}

/// A length of time as its source states it.
package enum Tenor: Hashable, Sendable, Codable {
  case months(Int)
  case days(Int)

  /// The number ranges compare: months count ceil(m × 365 / 12) days, so that 12 months are 365 days and a bound in months
  /// admits the calendar months it names.
  package var comparableDays: Int64 {
    switch self {
    case .months(let count): (Int64(count) * 365 + 11) / 12
    case .days(let count): Int64(count)
    }
  }

  /// - Throws: `INVALID_ARGUMENT` outside 1 to 600 months or 1 to 18 250 days.
  package func validate(_ field: String) throws(DomainError) {
    switch self {
    case .months(let count):
      guard (1...CatalogLimits.tenorMonths).contains(count) else {
        throw .invalid(field, "a tenor has 1 to \(CatalogLimits.tenorMonths) months, not \(count)")
      }
    case .days(let count):
      guard (1...CatalogLimits.tenorDays).contains(count) else {
        throw .invalid(field, "a tenor has 1 to \(CatalogLimits.tenorDays) days, not \(count)")
      }
    }
  }

  /// Calendar days of this tenor from `start`.
  package func calendarDays(from start: BusinessDate) throws(DomainError) -> Int {
    switch self {
    case .months(let count): try start.adding(months: count).days(since: start)
    case .days(let count): count
    }
  }
}

/// The tenors a product is offered for, both bounds included.
package struct TenorRange: Hashable, Sendable, Codable {
  package var min: Tenor?
  package var max: Tenor?

  package init(min: Tenor? = nil, max: Tenor? = nil) {
    self.min = min
    self.max = max
  }
}
