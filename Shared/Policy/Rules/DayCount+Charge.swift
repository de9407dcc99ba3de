package import Kernel

extension DayCount {
  /// `principal × rate × days`, divided by the convention's year, rounded half away from zero once.
  ///
  /// The year is 360 or 365 days whatever the calendar says; per calendar day there is none and `rate` is a daily rate.
  /// - Parameters:
  ///   - rate: per year, or per day for `perCalendarDay`.
  ///   - days: from the first day that counts to the first that does not; not negative.
  /// - Throws: `INVALID_ARGUMENT` for negative days; `AMOUNT_OVERFLOW`.
  package func charge(_ principal: Money, at rate: Rate, days: Int) throws(DomainError) -> Money {
    guard days >= 0 else { throw .invalid("days", "a charge for \(days) days") }
    let product = Int128(principal.minorUnits) * Int128(rate.ppm)
    let (numerator, overflow) = product.multipliedReportingOverflow(by: Int128(days))
    if overflow { throw .amountOverflow("\(principal) at \(rate) for \(days) days") }
    let minorUnits = try ExactRatio.round(numerator, dividedBy: 1_000_000 * daysInYear)
    return Money(minorUnits, principal.currency)
  }

  private var daysInYear: Int128 {
    switch self {
    case .actual360: 360
    case .actual365: 365
    case .perCalendarDay: 1
    }
  }
}
