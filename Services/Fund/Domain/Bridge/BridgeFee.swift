import Kernel
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

  /// Longest use that can be agreed. A loan that stays out longer is charged for on and on.
  package static let maximumDays = 3660

  package let amount: Int64
  package let lines: [Line]

  /// - Parameter days: at least 1; the day of payment is day 1.
  init(principal: Int64, days: Int, rates: BridgeRates) throws(DomainError) {
    var lines: [Line] = []
    var exact: Int128 = 0
    for stretch in try rates.stretches(days: days) {
      let numerator = Int128(principal) * Int128(stretch.rate.ppm) * Int128(stretch.to - stretch.from + 1)
      exact += numerator
      lines.append(
        Line(
          fromDay: stretch.from, toDay: stretch.to, dailyPPM: stretch.rate.ppm,
          fee: try ExactRatio.round(numerator, dividedBy: Int128(Rate.one.ppm))))
    }
    self.lines = lines
    amount = try ExactRatio.round(exact, dividedBy: Int128(Rate.one.ppm))
  }
}

/// The daily rates of a loan by the day of its use.
struct BridgeRates {
  /// Days of one rate, both ends counted.
  typealias Stretch = (from: Int, to: Int, rate: Rate)

  /// The packs' tiers; nil where the programme gives the rate.
  let bands: PolicyBands?
  let explicit: Rate
  /// Taken off each day's rate, down to nothing.
  let reduction: Rate

  /// The days from 1 on by rate. It is worked out from tier to tier, so that any number of days costs the same.
  func stretches(days: Int) throws(DomainError) -> [Stretch] {
    var stretches: [Stretch] = []
    let starts = starts(through: days)
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] - 1 : days
      let rate = Rate(ppm: max(0, try gross(day: start).ppm - reduction.ppm))
      if let last = stretches.last, last.rate == rate {
        stretches[stretches.count - 1].to = end
      } else {
        stretches.append((start, end, rate))
      }
    }
    return stretches
  }

  /// Σ of the daily rates, ppm.
  func sum(days: Int) throws(DomainError) -> Int64 {
    var sum: Int64 = 0
    for stretch in try stretches(days: days) { sum += stretch.rate.ppm * Int64(stretch.to - stretch.from + 1) }
    return sum
  }

  /// Days on which a tier begins, the first day among them.
  private func starts(through days: Int) -> [Int] {
    var starts: Set<Int64> = [1]
    for band in bands?.bands ?? [] {
      if let lower = band.range.lower { starts.insert(lower.inclusive ? lower.value : lower.value + 1) }
      if let upper = band.range.upper { starts.insert(upper.inclusive ? upper.value + 1 : upper.value) }
    }
    return starts.filter { (1...Int64(days)).contains($0) }.map(Int.init).sorted()
  }

  /// Days beyond the last tier, which only an overdue loan reaches, are charged at the last tier.
  private func gross(day: Int) throws(DomainError) -> Rate {
    guard let bands else { return explicit }
    guard let band = bands.band(at: Int64(day)) ?? bands.bands.last, case .ratePerDay(let rate) = band.value else {
      throw DomainError(.policyNotStated, "bridge_fee.tiers states no daily rate for day \(day)")
    }
    return rate
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
    try BridgeFee(principal: principal, days: days, rates: try rates())
  }

  /// - Throws: `POLICY_NOT_STATED` when neither packs nor programme set a daily fee.
  mutating func rates() throws(DomainError) -> BridgeRates {
    let reduction = try gradeReduction()
    do {
      let bands = try reading("bridge_fee.tiers", as: .bands).value
      return BridgeRates(bands: bands, explicit: .zero, reduction: reduction)
    } catch {
      guard error.reason == .policyNotStated, let explicit = programme.explicitDailyFee else { throw error }
      return BridgeRates(bands: nil, explicit: explicit, reduction: reduction)
    }
  }

  /// Overdue share of the fund, by the loans of one bank, above which that bank's customers get no new loan; nil when no
  /// pack states one.
  mutating func bankOverdueCap() throws(DomainError) -> PolicyValue<Rate>? {
    try reading.ifStated("bridge_loan.bank_overdue.cap", as: .rate)
  }

  /// - Throws: `EVIDENCE_MISSING` when the packs want the borrower's own money in place first and nothing shows it.
  mutating func requireOwnMoney(_ ownFunds: Money, _ evidence: [Evidence]) throws(DomainError) {
    guard let required = try reading.ifStated("bridge_loan.own_money_required", as: .boolean), required.value,
      ownFunds.minorUnits > 0
    else { return }
    try Field.evidence(evidence, atLeast: 1, "own_funds_evidence")
  }

  /// - Throws: `POLICY_CONDITION_FAILED` when the packs want to know that the expiring loan was not diverted and nobody
  ///   looked.
  mutating func requireUseCheck(of loan: BridgeLoan) throws(DomainError) {
    guard let required = try reading.ifStated("bridge_loan.use_check_required", as: .boolean), required.value,
      loan.details.useCheck == nil
    else { return }
    throw DomainError(
      .policyConditionFailed,
      "somebody looks first whether the expiring loan was diverted (\(required.citation.ruleID))", field: "name",
      metadata: ["missing": "use_check", "rule": required.citation.ruleID])
  }

  /// Whether a firm of the grade is served before others; one without a grade is not.
  mutating func hasPriority(_ grade: PlatformGrade?) throws(DomainError) -> Bool {
    guard let grade, let floor = try reading.ifStated("bridge_loan.priority_grade.floor", as: .grade) else {
      return false
    }
    return floor.admits(try grade.attribute())
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
