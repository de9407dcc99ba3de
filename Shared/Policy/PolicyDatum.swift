package import Kernel

/// A number of days and which days count.
package struct PolicyDays: Sendable, Hashable {
  /// Calendar days (天, 日) or working days (工作日, the State Council's holiday swaps applied).
  package enum Kind: String, Sendable, Hashable {
    case calendar = "calendar_days"
    case working = "working_days"
  }

  package var count: Int64
  package var kind: Kind
}

/// How days turn into a fraction of the price period. It belongs to each fee, never to the suite.
package enum DayCount: String, Sendable, Hashable, CaseIterable {
  /// Bank loan interest: days / 360.
  case actual360 = "actual_360"
  /// Batch guarantee fee: days / 365, in leap years too.
  case actual365 = "actual_365"
  /// Bridge fee: the rate is per calendar day; no year.
  case perCalendarDay = "per_calendar_day"
}

/// A table of adjoining ranges on one axis, e.g. score → grade or day → daily rate.
package struct PolicyBands: Sendable, Hashable {
  package struct Band: Sendable, Hashable {
    package var range: PolicyRange
    package var value: PolicyDatum
  }

  /// Lowest first; adjoining, so a number lies in at most one.
  package var bands: [Band]

  /// The band that holds the number; `nil` below the lowest or above the highest.
  package func band(at position: Int64) -> Band? { bands.first { $0.range.contains(position) } }
}

/// The value of a rule.
package indirect enum PolicyDatum: Sendable, Hashable {
  case rate(Rate)
  case ratePerDay(Rate)
  case money(Money)
  case integer(Int64)
  case days(PolicyDays)
  case months(Int64)
  case boolean(Bool)
  case text(String)
  case date(BusinessDate)
  case texts([String])
  case integers([Int64])
  /// Ascending, each once.
  case dates([BusinessDate])
  case grade(Grade)
  case dayCount(DayCount)
  case bands(PolicyBands)
  /// The document is silent: an explicit statement, not a missing rule.
  case notStated
}
