package import Kernel

/// 贴息 for the first pledge of intellectual property (烟营办便函〔2023〕8号 三(四)11).
package enum InterestSubsidy {
  /// The yearly subsidy: the stated share of the reference rate, which is the one-year LPR of the month before the
  /// contract is signed, or the actual rate when that is lower.
  /// - Parameters:
  ///   - actual: yearly rate of the loan contract.
  ///   - signed: the day the contract is signed; the reading's own date is the day of the decision.
  /// - Throws: `POLICY_NOT_STATED`, also when the LPR of that month is not entered; `INVALID_DATE`; `AMOUNT_OVERFLOW`.
  package static func rate(
    actual: Rate, signed: BusinessDate, with reading: inout PolicyReading
  ) throws(DomainError) -> Rate {
    let share = try reading("ip_subsidy.share", as: .rate).value
    let offset = try reading("ip_subsidy.reference_month_offset", as: .integer).value
    guard let months = Int(exactly: offset) else { throw .amountOverflow("month offset \(offset)") }
    let month = try signed.adding(months: months)
    let lastDay = try BusinessDate(
      year: month.year, month: month.month, day: BusinessDate.daysIn(month: month.month, year: month.year))
    let lpr = try reading.book.parameter("lpr.one_year", as: .rate, scope: reading.scope, on: lastDay)
    reading.record(lpr.citation)
    var reference = lpr.value
    if try reading("ip_subsidy.actual_rate_if_lower", as: .boolean).value { reference = min(reference, actual) }
    return Rate(ppm: try ExactRatio.multiply(reference.ppm, share.ppm, dividedBy: Rate.one.ppm))
  }

  /// The subsidy of a loan, cut at the cap for one firm; the answer says whether it was cut.
  /// - Parameter rate: of the subsidy, from `rate(actual:signed:with:)`.
  package static func amount(
    _ principal: Money, at rate: Rate, days: Int, with reading: inout PolicyReading
  ) throws(DomainError) -> (amount: Money, capped: Bool) {
    let convention = try reading("ip_subsidy.day_count", as: .dayCount).value
    let cap = try reading("ip_subsidy.amount.cap", as: .money)
    let uncut = try convention.charge(principal, at: rate, days: days)
    return try cap.admits(uncut) ? (uncut, false) : (cap.value, true)
  }
}
