package import Kernel

/// The unit of an indicator's whole-number values.
package enum IndicatorUnit: Hashable, Sendable, Codable {
  /// Minor units of the currency.
  case money(Currency)
  case count
  case ppm
  case days
  case microPoints

  /// Negative values make no sense for things that are counted.
  package var allowsNegative: Bool {
    switch self {
    case .count, .days: false
    case .money, .ppm, .microPoints: true
    }
  }

  package var canonical: String {
    switch self {
    case .money(let currency): "money:\(currency.code)"
    case .count: "count"
    case .ppm: "ppm"
    case .days: "days"
    case .microPoints: "micro-points"
    }
  }
}

package enum Direction: String, Hashable, Sendable, Codable {
  case higherIsBetter = "higher"
  case lowerIsBetter = "lower"
}

/// How a derived indicator follows from others.
package enum Derivation: Hashable, Sendable, Codable {
  /// `numerator ÷ denominator` in ppm, half away from zero, never clamped.
  case ratio(numerator: String, denominator: String)
  /// `current − previous` over the span just before; `windowYears` 0 takes the whole period.
  case increment(base: String, windowYears: Int)
  /// `(current − previous) ÷ |previous|` in ppm.
  case growth(base: String, windowYears: Int)

  package var bases: [String] {
    switch self {
    case .ratio(let numerator, let denominator): [numerator, denominator]
    case .increment(let base, _), .growth(let base, _): [base]
    }
  }

  package var canonical: String {
    switch self {
    case .ratio(let numerator, let denominator): "ratio(\(numerator),\(denominator))"
    case .increment(let base, let years): "increment(\(base),\(years))"
    case .growth(let base, let years): "growth(\(base),\(years))"
    }
  }
}

/// Where values come from.
package enum IndicatorSource: Hashable, Sendable, Codable {
  case submitted
  case feed
  case derived(Derivation)

  package var canonical: String {
    switch self {
    case .submitted: "submitted"
    case .feed: "feed"
    case .derived(let derivation): derivation.canonical
    }
  }
}

/// How the value of a longer period follows from its parts when none was given for it.
package enum Aggregation: String, Hashable, Sendable, Codable {
  case none, sum, last
}

/// One entry of the indicator dictionary.
package struct Indicator: Hashable, Sendable, Codable {
  package var id: String
  package var titleZH: String
  package var titleEN: String
  package var unit: IndicatorUnit
  package var direction: Direction
  package var source: IndicatorSource
  package var aggregation: Aggregation
  /// An absent fact means zero, not "unknown".
  package var absentIsZero: Bool
  package var basis: String
  package var createTime: Instant
  /// What is measured; `nil` when nothing else measures the same.
  package var concept: String?
  /// What a submitted value must satisfy.
  package var rules: SubmissionRules?
  /// `nil` for the first version, so that entries from before there were versions read back as it.
  private var laterVersion: Int?

  package var version: Int {
    get { laterVersion ?? 1 }
    set { laterVersion = newValue == 1 ? nil : newValue }
  }

  package init(
    id: String, titleZH: String, titleEN: String, unit: IndicatorUnit, direction: Direction, source: IndicatorSource,
    aggregation: Aggregation, absentIsZero: Bool, basis: String = "", concept: String? = nil,
    rules: SubmissionRules? = nil, createTime: Instant
  ) {
    self.id = id
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.unit = unit
    self.direction = direction
    self.source = source
    self.aggregation = aggregation
    self.absentIsZero = absentIsZero
    self.basis = basis
    self.concept = concept
    self.rules = rules
    self.createTime = createTime
  }

  package var derivation: Derivation? {
    if case .derived(let derivation) = source { derivation } else { nil }
  }

  /// Longest title or basis, in Unicode scalars; tables print titles.
  package static let maximumTitleLength = 200
  package static let maximumBasisLength = 2000
  /// Longest comparison window: no statistic of the field looks back further.
  package static let maximumWindowYears = 50
}
