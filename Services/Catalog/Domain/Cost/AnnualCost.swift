package import Kernel

/// What a product costs for a concrete amount and tenor, every part rounded once, half away from zero. Interest counts days as
/// the product says (actual/360 unless stated), yearly fees actual/365 (also in leap years), monthly fees each begun month,
/// daily fees know no year.
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
  package let repayment: RepaymentMethod
  package let items: [Item]
  package let totalLow: Money
  package let totalHigh: Money
  /// Total × 365 ÷ days ÷ amount.
  package let annualLow: Rate
  package let annualHigh: Rate
  /// Effective yearly rate at which all payments are worth what was paid out; `nil` when the cost is not complete.
  package let internalLow: Rate?
  package let internalHigh: Rate?
  /// By the dearest stated terms.
  package let schedule: [CashFlow]
  /// Terms the product does not state, so that the totals lack them.
  package let notStated: [String]
  /// Fees that only fall due when something happens, in words.
  package let contingent: [String]
  package let reference: ReferenceRate?
}

/// What is to be priced.
package struct CostQuestion: Sendable {
  package var amount: Money
  package var tenor: Tenor
  package var start: BusinessDate
  /// `nil` is the first method the product states, or at the end with the interest.
  package var repayment: RepaymentMethod?
  /// Discounts whose condition this firm certainly meets apply; `nil` applies none.
  package var firm: Profile?

  package init(
    amount: Money, tenor: Tenor, start: BusinessDate, repayment: RepaymentMethod? = nil, firm: Profile? = nil
  ) {
    self.amount = amount
    self.tenor = tenor
    self.start = start
    self.repayment = repayment
    self.firm = firm
  }
}

extension AnnualCost {
  /// - Throws: as the other `of`.
  package static func of(
    _ terms: ProductTerms, amount: Money, tenor: Tenor, start: BusinessDate, references: ReferenceRateTable
  ) throws(DomainError) -> AnnualCost {
    try of(terms, CostQuestion(amount: amount, tenor: tenor, start: start), references: references)
  }

  /// - Throws: `INVALID_ARGUMENT` for an amount that is not positive or a repayment that is not offered; `CURRENCY_MISMATCH`;
  ///   `INVALID_DATE`; `AMOUNT_OVERFLOW`; `POLICY_NOT_STATED` when the rate refers to an LPR that is not recorded for the day.
  package static func of(
    _ terms: ProductTerms, _ question: CostQuestion, references: ReferenceRateTable
  ) throws(DomainError) -> AnnualCost {
    let amount = question.amount
    guard amount.isPositive else { throw .invalid("amount", "an amount is more than 0") }
    let currency = terms.amount?.currency ?? .cny
    guard amount.currency == currency else {
      throw DomainError(
        .currencyMismatch, "the product is offered in \(currency), not \(amount.currency)",
        field: "amount.currency_code")
    }
    try question.tenor.validate("tenor")
    let repayment = try method(terms, question.repayment)
    let calendar = try LoanCalendar(question.tenor, from: question.start)
    var items: [Item] = []
    var notStated: [String] = []
    let used = try terms.rate.map { rate throws(DomainError) in try reference(rate.basis, question.start, references) }
    let base = used??.rate.ppm ?? 0
    let low = try Repayment.flows(terms.rate.map { InterestCharge($0, base, .low) }, amount, repayment, calendar)
    let high = try Repayment.flows(terms.rate.map { InterestCharge($0, base, .high) }, amount, repayment, calendar)
    if let rate = terms.rate {
      items.append(try interest(rate, base, amount, repayment, calendar.days, low, high))
    } else if terms.instrument != .guarantee && terms.instrument != .insurance && terms.instrument != .equity {
      notStated.append("rate")
    }
    var (lowFlows, highFlows) = (low, high)
    for (index, fee) in terms.fees.enumerated() where fee.period != .perEvent {
      if fee.measure == .unstated {
        notStated.append("fees[\(index)]")
        continue
      }
      let cheap = try FeeCharge(fee, amount, .low, calendar, question.firm)
      let dear = try FeeCharge(fee, amount, .high, calendar, question.firm)
      lowFlows.add(cheap.payments)
      highFlows.add(dear.payments)
      items.append(
        Item(
          kind: fee.kind.key, low: Money(try cheap.total(), currency), high: Money(try dear.total(), currency),
          basis: dear.basis))
    }
    let (totalLow, totalHigh) = (try sum(items.map(\.low), currency), try sum(items.map(\.high), currency))
    let isComplete = notStated.isEmpty
    return AnnualCost(
      days: calendar.days, repayment: repayment, items: items, totalLow: totalLow, totalHigh: totalHigh,
      annualLow: try yearly(totalLow, amount, calendar.days), annualHigh: try yearly(totalHigh, amount, calendar.days),
      internalLow: isComplete ? InternalRate.effectiveYearly(lowFlows) : nil,
      internalHigh: isComplete ? InternalRate.effectiveYearly(highFlows) : nil,
      schedule: try highFlows.schedule(amount, calendar), notStated: notStated,
      contingent: terms.fees.filter { $0.period == .perEvent }.map(\.words), reference: used ?? nil)
  }

  private static func method(
    _ terms: ProductTerms, _ wanted: RepaymentMethod?
  ) throws(DomainError) -> RepaymentMethod {
    guard let wanted else { return terms.repaymentMethods.first ?? .bullet }
    guard terms.repaymentMethods.isEmpty || terms.repaymentMethods.contains(wanted) else {
      throw .invalid(
        "repayment", "the product is repaid by \(terms.repaymentMethods.map(\.key).joined(separator: ", "))")
    }
    return wanted
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
    _ rate: InterestRate, _ base: Int64, _ amount: Money, _ repayment: RepaymentMethod, _ days: Int, _ low: Flows,
    _ high: Flows
  ) throws(DomainError) -> Item {
    let cheap = Rate(ppm: max(0, base + rate.lowest.ppm))
    let dear = Rate(ppm: max(0, base + (rate.highest ?? rate.lowest).ppm))
    let year = (rate.dayCount ?? .actual360).year
    let tiers =
      switch rate.tiers?.method {
      case .whole: ", by tier of the whole amount"
      case .perTier: ", part by part in each tier"
      case nil: ""
      }
    let way = repayment == .bullet || repayment == .revolving ? "" : ", \(repayment.key)"
    return Item(
      kind: "interest", low: Money(try low.interest(), amount.currency),
      high: Money(try high.interest(), amount.currency),
      basis: "\(amount) × \(cheap == dear ? "\(cheap)" : "\(cheap) to \(dear)") × \(days)/\(year)\(tiers)\(way)")
  }

  private static func sum(_ parts: [Money], _ currency: Currency) throws(DomainError) -> Money {
    var total = Money.zero(currency)
    for part in parts { total = try total.adding(part) }
    return total
  }

  private static func yearly(_ total: Money, _ amount: Money, _ days: Int) throws(DomainError) -> Rate {
    let numerator = Int128(total.minorUnits) * 365 * 1_000_000
    return Rate(ppm: try ExactRatio.round(numerator, dividedBy: Int128(amount.minorUnits) * Int128(days)))
  }
}
