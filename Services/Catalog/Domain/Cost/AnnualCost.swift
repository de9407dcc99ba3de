package import Kernel

/// What a product costs for a concrete amount and tenor: bullet repayment, each part over the whole tenor, rounded once, half
/// away from zero. Interest is actual/360, yearly fees actual/365 (also in leap years), daily fees know no year.
package struct AnnualCost: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package let kind: String
    /// By the cheapest and the dearest stated terms.
    package let low: Money
    package let high: Money
    /// How it was computed.
    package let basis: String
  }

  package let days: Int
  package let items: [Item]
  package let totalLow: Money
  package let totalHigh: Money
  /// Total × 365 ÷ days ÷ amount.
  package let annualLow: Rate
  package let annualHigh: Rate
  /// Terms the product does not state, so that the totals lack them.
  package let notStated: [String]
  package let reference: ReferenceRate?

  /// - Throws: `INVALID_ARGUMENT` for an amount that is not positive; `CURRENCY_MISMATCH`; `INVALID_DATE`; `AMOUNT_OVERFLOW`;
  ///   `POLICY_NOT_STATED` when the rate refers to an LPR that is not recorded for the day.
  package static func of(
    _ terms: ProductTerms, amount: Money, tenor: Tenor, start: BusinessDate, references: ReferenceRateTable
  ) throws(DomainError) -> AnnualCost {
    guard amount.isPositive else { throw .invalid("amount", "an amount is more than 0") }
    let currency = terms.amount?.currency ?? .cny
    guard amount.currency == currency else {
      throw DomainError(
        .currencyMismatch, "the product is offered in \(currency), not \(amount.currency)",
        field: "amount.currency_code")
    }
    try tenor.validate("tenor")
    let days = try tenor.calendarDays(from: start)
    var items: [Item] = []
    var notStated: [String] = []
    var used: ReferenceRate?
    if let rate = terms.rate {
      let base = try reference(rate.basis, start, references)
      used = base
      items.append(try interest(rate, base?.rate.ppm ?? 0, amount, days))
    } else if terms.instrument != .guarantee && terms.instrument != .insurance && terms.instrument != .equity {
      notStated.append("rate")
    }
    for fee in terms.fees { items.append(try item(fee, amount, days)) }
    var (low, high) = (Money.zero(currency), Money.zero(currency))
    for item in items {
      low = try low.adding(item.low)
      high = try high.adding(item.high)
    }
    return AnnualCost(
      days: days, items: items, totalLow: low, totalHigh: high, annualLow: try yearly(low, amount, days),
      annualHigh: try yearly(high, amount, days), notStated: notStated, reference: used)
  }

  private static func reference(
    _ basis: RateBasis, _ day: BusinessDate, _ references: ReferenceRateTable
  ) throws(DomainError) -> ReferenceRate? {
    if basis == .fixed { return nil }
    guard let rate = references.rate(basis, on: day) else {
      throw DomainError(
        .policyNotStated, "no LPR is recorded for \(day); record it before pricing", field: "start",
        metadata: ["parameter": basis == .lpr1Y ? "lpr_1y" : "lpr_5y", "date": day.description])
    }
    return rate
  }

  private static func interest(
    _ rate: InterestRate, _ base: Int64, _ amount: Money, _ days: Int
  ) throws(DomainError) -> Item {
    let low = Rate(ppm: max(0, base + rate.lowest.ppm))
    let high = Rate(ppm: max(0, base + (rate.highest ?? rate.lowest).ppm))
    return Item(
      kind: "interest", low: try share(amount, low, days, 360), high: try share(amount, high, days, 360),
      basis: "\(amount) × \(low == high ? "\(low)" : "\(low) to \(high)") × \(days)/360")
  }

  private static func item(_ fee: Fee, _ amount: Money, _ days: Int) throws(DomainError) -> Item {
    let low: Money
    let high: Money
    let basis: String
    if case .fixed(let money) = fee.measure {
      switch fee.period {
      case .once: (low, basis) = (money, "\(money) once")
      case .perYear:
        low = Money(try ExactRatio.multiply(money.minorUnits, Int64(days), dividedBy: 365), money.currency)
        basis = "\(money) × \(days)/365"
      case .perDay:
        low = Money(try ExactRatio.multiply(money.minorUnits, Int64(days), dividedBy: 1), money.currency)
        basis = "\(money) × \(days) days"
      }
      high = low
    } else {
      let (lowRate, highRate) = (fee.lowestRate ?? .zero, fee.highestRate ?? .zero)
      low = try periodic(amount, lowRate, fee.period, days)
      high = try periodic(amount, highRate, fee.period, days)
      let rate = lowRate == highRate ? "\(lowRate)" : "\(lowRate) to \(highRate)"
      switch fee.period {
      case .once: basis = "\(amount) × \(rate) once"
      case .perYear: basis = "\(amount) × \(rate) × \(days)/365"
      case .perDay: basis = "\(amount) × \(rate) × \(days) days"
      }
    }
    guard let cap = fee.cap else { return Item(kind: fee.kind.key, low: low, high: high, basis: basis) }
    let most = try amount.times(cap)
    return Item(
      kind: fee.kind.key, low: try low.isLess(than: most) ? low : most, high: try high.isLess(than: most) ? high : most,
      basis: "\(basis), at most \(cap)")
  }

  private static func periodic(
    _ amount: Money, _ rate: Rate, _ period: FeePeriod, _ days: Int
  ) throws(DomainError) -> Money {
    switch period {
    case .once: try amount.times(rate)
    case .perYear: try share(amount, rate, days, 365)
    case .perDay: try share(amount, rate, days, 1)
    }
  }

  /// amount × rate × days ÷ year, rounded once.
  private static func share(_ amount: Money, _ rate: Rate, _ days: Int, _ year: Int) throws(DomainError) -> Money {
    let numerator = Int128(amount.minorUnits) * Int128(rate.ppm) * Int128(days)
    return Money(try ExactRatio.round(numerator, dividedBy: Int128(1_000_000) * Int128(year)), amount.currency)
  }

  private static func yearly(_ total: Money, _ amount: Money, _ days: Int) throws(DomainError) -> Rate {
    let numerator = Int128(total.minorUnits) * 365 * 1_000_000
    return Rate(ppm: try ExactRatio.round(numerator, dividedBy: Int128(amount.minorUnits) * Int128(days)))
  }
}
