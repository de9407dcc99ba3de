package import Kernel
import Policy

/// How the days of a guarantee turn into a share of its yearly fee. It belongs to each fee, never to the suite.
package enum FeeDayCount: Int64, Sendable, Hashable, CaseIterable {
  /// Days ÷ 365, in leap years too.
  case actual365 = 1
  /// Days ÷ 360.
  case actual360 = 2

  var daysOfYear: Int128 {
    switch self {
    case .actual365: 365
    case .actual360: 360
    }
  }

  /// - Throws: `POLICY_CONDITION_FAILED` for a day count that has no year.
  init(_ stated: PolicyValue<DayCount>) throws(DomainError) {
    switch stated.value {
    case .actual365: self = .actual365
    case .actual360: self = .actual360
    case .perCalendarDay:
      throw DomainError(
        .policyConditionFailed, "\(stated.citation.ruleID) states a daily fee, not a yearly one",
        metadata: ["rule": stated.citation.ruleID])
    }
  }
}

extension Facility {
  /// The guarantee fee on a principal for a span of days; 0 without such a fee.
  func fee(of principal: Int64, rate: Rate, from: BusinessDate, to: BusinessDate) throws(DomainError) -> Int64 {
    guard let dayCount else { return 0 }
    return try GuaranteeFee.amount(of: principal, rate: rate, from: from, to: to, dayCount: dayCount)
  }

  /// The re-guarantee fee: on the part that the re-guarantor bears, by a day count of its own; 0 without such a fee.
  func reguaranteeFee(of principal: Int64, from: BusinessDate, to: BusinessDate) throws(DomainError) -> Int64 {
    guard let reguaranteeDayCount else { return 0 }
    return try GuaranteeFee.amount(
      of: try shares.split(principal).reguarantor, rate: reguaranteeFeeRate, from: from, to: to,
      dayCount: reguaranteeDayCount)
  }
}

/// Guarantee and re-guarantee fees: amount × yearly rate × days ÷ the days of the year, by the day count that the packs
/// state for the fee, rounded half away from zero once.
package enum GuaranteeFee {
  /// - Parameters:
  ///   - from: first day, counted.
  ///   - to: last day, not counted (算头不算尾).
  package static func amount(
    of principal: Int64, rate: Rate, from: BusinessDate, to: BusinessDate, dayCount: FeeDayCount
  ) throws(DomainError) -> Int64 {
    let days = Int128(max(0, to.days(since: from)))
    let numerator = Int128(principal) * Int128(rate.ppm) * days
    return try ExactRatio.round(numerator, dividedBy: Int128(Rate.one.ppm) * dayCount.daysOfYear)
  }

  /// Checks a yearly fee rate against the cap in force for the borrower's total.
  /// - Throws: `POLICY_CONDITION_FAILED` above the cap; `POLICY_NOT_STATED` when no pack states one and the facility's
  ///   terms set none.
  static func requireWithinCap(
    _ rate: Rate, explicitCap: Rate?, reading: inout PolicyReading
  ) throws(DomainError) {
    if rate == .zero { return }
    let stated: PolicyValue<Rate>
    do {
      stated = try reading("guarantee_fee.cap", as: .rate)
    } catch {
      guard error.reason == .policyNotStated, let explicitCap else { throw error }
      if rate > explicitCap { throw above(rate, explicitCap, rule: "the facility's own terms") }
      return
    }
    if !stated.admits(rate) { throw above(rate, stated.value, rule: stated.citation.ruleID) }
  }

  /// Checks a yearly re-guarantee fee against the cap in force, where the packs state one.
  /// - Throws: `POLICY_CONDITION_FAILED`.
  static func requireReguaranteeWithinCap(_ rate: Rate, reading: inout PolicyReading) throws(DomainError) {
    if rate == .zero { return }
    guard let stated = try reading.ifStated("re_guarantee_fee.cap", as: .rate), !stated.admits(rate) else { return }
    throw DomainError(
      .policyConditionFailed,
      "a re-guarantee fee of \(rate) a year is above the cap of \(stated.value) (\(stated.citation.ruleID))",
      field: "reguarantee_fee_rate",
      metadata: ["cap_ppm": "\(stated.value.ppm)", "fee_ppm": "\(rate.ppm)", "rule": stated.citation.ruleID])
  }

  private static func above(_ rate: Rate, _ cap: Rate, rule: String) -> DomainError {
    DomainError(
      .policyConditionFailed, "a guarantee fee of \(rate) a year is above the cap of \(cap) (\(rule))",
      field: "fee_rate", metadata: ["cap_ppm": "\(cap.ppm)", "fee_ppm": "\(rate.ppm)", "rule": rule])
  }
}
