package import Kernel
import Policy

/// The fee of a bridge loan: principal × daily rate for each calendar day, at the tier of that day less the reduction
/// that the borrower's grade earns, rounded half away from zero once over the whole use.
package struct BridgeFee: Sendable, Hashable {
  /// A stretch of days at one rate.
  package struct Line: Sendable, Hashable, Codable {
    package let fromDay: Int
    package let toDay: Int
    package let dailyPPM: Int64
    /// The stretch's own fee, rounded for reading; only the whole is charged.
    package let fee: Int64

    package init(fromDay: Int, toDay: Int, dailyPPM: Int64, fee: Int64) {
      self.fromDay = fromDay
      self.toDay = toDay
      self.dailyPPM = dailyPPM
      self.fee = fee
    }
  }

  /// Longer than any bridge; keeps the loop over days bounded.
  package static let maximumDays = 3660

  package let amount: Int64
  package let lines: [Line]

  /// - Parameters:
  ///   - days: at least 1; the day of payment is day 1.
  ///   - dailyRate: rate of a day, from 1.
  /// - Throws: `INVALID_DATE` beyond `maximumDays`; what `dailyRate` throws.
  package init(
    principal: Int64, days: Int, dailyRate: (Int) throws(DomainError) -> Rate
  ) throws(DomainError) {
    guard (1...Self.maximumDays).contains(days) else {
      throw DomainError(.invalidDate, "a bridge loan of \(days) days cannot be charged for", field: "business_date")
    }
    var lines: [Line] = []
    var exact: Int128 = 0
    var start = 1
    var rate = try dailyRate(1)
    for day in 2...(days + 1) {
      let next = day <= days ? try dailyRate(day) : nil
      if next == rate { continue }
      let numerator = Int128(principal) * Int128(rate.ppm) * Int128(day - start)
      exact += numerator
      lines.append(
        Line(
          fromDay: start, toDay: day - 1, dailyPPM: rate.ppm,
          fee: try ExactRatio.round(numerator, dividedBy: Int128(Rate.one.ppm))))
      start = day
      if let next { rate = next }
    }
    self.lines = lines
    amount = try ExactRatio.round(exact, dividedBy: Int128(Rate.one.ppm))
  }
}

/// The parameters of one bridge loan as the packs state them on a day.
struct BridgeTerms {
  private var reading: PolicyReading
  private let programme: BridgeProgramme

  init(_ programme: BridgeProgramme, pool: Pool, loan: BridgeLoan, policy: PolicyBook, on date: BusinessDate)
    throws(DomainError)
  {
    try self.init(programme, pool: pool, attributes: try loan.attributes(), policy: policy, on: date)
  }

  init(
    _ programme: BridgeProgramme, pool: Pool, attributes: PolicyAttributes, policy: PolicyBook, on date: BusinessDate
  ) throws(DomainError) {
    let scope = PolicyScope(region: pool.regionCode, product: programme.product, attributes: attributes)
    reading = PolicyReading(policy, scope: scope, on: date)
    self.programme = programme
  }

  var citations: [Citation] { reading.citations.map(Citation.init) }

  /// - Throws: `POLICY_CONDITION_FAILED` above the cap of the borrower's kind.
  mutating func requireAmount(_ amount: Money) throws(DomainError) {
    guard let cap = try reading.ifStated("bridge_loan.amount.cap", as: .money) else { return }
    if try !cap.admits(amount) {
      throw DomainError(
        .policyConditionFailed, "\(amount) is above the cap of \(cap.value) for this borrower (\(cap.citation.ruleID))",
        field: "amount", metadata: ["cap_minor_units": "\(cap.value.minorUnits)", "rule": cap.citation.ruleID])
    }
  }

  /// - Throws: `POLICY_CONDITION_FAILED` when the loan is too large a share of the bank's commitment.
  mutating func requireShare(of commitment: Money, amount: Money) throws(DomainError) {
    guard let cap = try reading.ifStated("bridge_loan.renewal_share.cap", as: .rate) else {
      if try commitment.isLess(than: amount) {
        throw DomainError(
          .policyConditionFailed, "\(amount) is more than the bank's commitment of \(commitment)", field: "amount")
      }
      return
    }
    let most = Int128(commitment.minorUnits) * Int128(cap.value.ppm)
    let wanted = Int128(amount.minorUnits) * Int128(Rate.one.ppm)
    if cap.inclusive ? wanted > most : wanted >= most {
      throw DomainError(
        .policyConditionFailed,
        "\(amount) is above \(cap.value) of the bank's commitment of \(commitment) (\(cap.citation.ruleID))",
        field: "amount", metadata: ["cap_ppm": "\(cap.value.ppm)", "rule": cap.citation.ruleID])
    }
  }

  /// - Throws: `POLICY_CONDITION_FAILED` beyond the longest use; `POLICY_NOT_STATED` when neither packs nor programme
  ///   set one.
  mutating func requireDays(_ days: Int) throws(DomainError) {
    let cap: PolicyValue<PolicyDays>
    do {
      cap = try reading("bridge_loan.days.cap", as: .days)
    } catch {
      guard error.reason == .policyNotStated, let explicit = programme.explicitMaximumDays else { throw error }
      if days > explicit {
        throw DomainError(
          .policyConditionFailed, "\(days) days are more than the programme's \(explicit)", field: "days")
      }
      return
    }
    if !cap.admits(days: Int64(days)) {
      throw DomainError(
        .policyConditionFailed, "\(days) days are more than the \(cap.value.count) of \(cap.citation.ruleID)",
        field: "days", metadata: ["cap_days": "\(cap.value.count)", "rule": cap.citation.ruleID])
    }
  }

  /// Reads once what the fee of the repayment will depend on, so that a missing fact is named at the application and not
  /// when the money comes back.
  /// - Throws: `POLICY_FACT_MISSING`, `POLICY_NOT_STATED`.
  mutating func requireFee() throws(DomainError) { _ = try fee(principal: 1, days: 1) }

  /// Overdue share of the fund above which no new loan is given; nil when no pack states one.
  mutating func overdueCap() throws(DomainError) -> PolicyValue<Rate>? {
    try reading.ifStated("bridge_loan.fund_overdue.cap", as: .rate)
  }

  mutating func fee(principal: Int64, days: Int) throws(DomainError) -> BridgeFee {
    try BridgeFee(principal: principal, days: days, dailyRate: try dailyRate())
  }

  /// The rate of a day of use, from 1, less the reduction that the borrower's grade earns.
  /// - Throws: `POLICY_NOT_STATED` when neither packs nor programme set a daily fee.
  mutating func dailyRate() throws(DomainError) -> (Int) throws(DomainError) -> Rate {
    let reduction = try gradeReduction()
    let bands: PolicyBands?
    do {
      bands = try reading("bridge_fee.tiers", as: .bands).value
    } catch {
      guard error.reason == .policyNotStated, programme.explicitDailyFee != nil else { throw error }
      bands = nil
    }
    let explicit = programme.explicitDailyFee
    return { day throws(DomainError) in
      let gross = try bands.map { bands throws(DomainError) in try Self.rate(of: bands, day: day) } ?? explicit ?? .zero
      return Rate(ppm: max(0, gross.ppm - reduction.ppm))
    }
  }

  /// - Throws: `POLICY_CONDITION_FAILED` when the packs serve other purposes only.
  mutating func requirePurpose(_ purpose: String) throws(DomainError) {
    guard let purposes = try reading.ifStated("bridge_loan.purposes", as: .texts),
      !purposes.value.contains(purpose)
    else { return }
    throw DomainError(
      .policyConditionFailed,
      "bridge loans serve \(purposes.value.joined(separator: ", ")), not \(purpose) (\(purposes.citation.ruleID))",
      field: "purpose", metadata: ["rule": purposes.citation.ruleID])
  }

  /// Days beyond the last tier, which only an overdue loan reaches, are charged at the last tier.
  private static func rate(of bands: PolicyBands, day: Int) throws(DomainError) -> Rate {
    guard let band = bands.band(at: Int64(day)) ?? bands.bands.last, case .ratePerDay(let rate) = band.value else {
      throw DomainError(.policyNotStated, "bridge_fee.tiers states no daily rate for day \(day)")
    }
    return rate
  }

  /// A firm without a grade earns no reduction; that is what not being graded means, not a fact left out.
  private mutating func gradeReduction() throws(DomainError) -> Rate {
    do {
      return try reading.ifStated("bridge_fee.reduction", as: .ratePerDay)?.value ?? .zero
    } catch {
      if error.reason == .policyFactMissing && reading.scope.attributes.grade == nil { return .zero }
      throw error
    }
  }
}
