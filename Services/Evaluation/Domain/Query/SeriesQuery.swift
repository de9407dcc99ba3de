package import Kernel

/// One indicator's values, period after period.
package struct SeriesQuery: Sendable, Hashable {
  package enum Subject: Sendable, Hashable {
    case institution(String)
    /// All institutions of a region and what lies in it; the empty code is everywhere.
    case region(String)
  }
  package let indicatorID: String
  package let subject: Subject
  /// Of equal length, one just behind the other.
  package let periods: [Period]

  /// - Parameter maximum: most periods that are taken.
  /// - Throws: `INVALID_ARGUMENT` naming `stored.first_period` or `stored.last_period`; `BATCH_TOO_LARGE`.
  package init(
    indicatorID: String, subject: Subject, first: Period, last: Period, maximum: Int
  ) throws(DomainError) {
    guard first.months <= 12 else { throw .invalid("stored.first_period", "at most a year long, not \(first)") }
    guard last.months == first.months else {
      throw .invalid("stored.last_period", "\(last) is not as long as \(first)")
    }
    let steps = Int(last.firstMonth - first.firstMonth) / Int(first.months)
    guard last >= first else { throw .invalid("stored.last_period", "\(last) is before \(first)") }
    guard steps < maximum else {
      throw DomainError(
        .batchTooLarge, "at most \(maximum) periods, not \(steps + 1)", field: "stored.last_period")
    }
    self.indicatorID = indicatorID
    self.subject = subject
    periods = (0...steps).map { first.advanced(by: Int32($0)) }
  }
}
