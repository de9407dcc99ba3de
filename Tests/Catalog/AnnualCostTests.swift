import CatalogDomain
import Kernel
import Testing

@Suite struct AnnualCostTests {
  private static let lpr = ReferenceRateTable([
    ReferenceRate(basis: .lpr1Y, effectiveFrom: RandomCatalog.day(-2000), rate: Rate(ppm: 36_500))
  ])

  private static func start() throws -> BusinessDate { try BusinessDate(iso: "2023-01-01") }

  /// 国担快贷 as the document states it: LPR + 10 BP, 1 % a year of guarantee fee.
  private static func quickLoan() -> ProductTerms {
    var terms = ProductTerms(institution: "icbc", instrument: .loan, title: LocalizedText(zh: "国担快贷"))
    terms.rate = InterestRate(basis: .lpr1Y, lowest: Rate(ppm: 1_000))
    terms.fees = [Fee(kind: .guarantee, measure: .rate(Rate(ppm: 10_000)), period: .perYear)]
    return terms
  }

  @Test func `interest is actual/360, a yearly fee actual/365`() throws {
    let cost = try AnnualCost.of(
      Self.quickLoan(), amount: Money(500_000_000, .cny), tenor: .months(12), start: try Self.start(),
      references: Self.lpr)
    #expect(cost.days == 365)
    #expect(cost.items.map(\.kind) == ["interest", "guarantee"])
    // 5 000 000.00 × 3.75 % × 365/360 = 190 104.1666…
    #expect(cost.items[0].low.minorUnits == 19_010_417)
    #expect(cost.items[1].low.minorUnits == 5_000_000)
    #expect(cost.totalLow.minorUnits == 24_010_417)
    #expect(cost.annualLow.ppm == 48_021)
    #expect(cost.notStated.isEmpty && cost.reference?.rate.ppm == 36_500)
  }

  @Test func `a leap year's 366 days are still divided by 365`() throws {
    let cost = try AnnualCost.of(
      Self.quickLoan(), amount: Money(100_000_000, .cny), tenor: .months(12),
      start: try BusinessDate(iso: "2024-01-01"), references: Self.lpr)
    #expect(cost.days == 366)
    #expect(cost.items[1].low.minorUnits == 1_002_740)
  }

  @Test func `a daily fee knows no year and a cap bounds it`() throws {
    var terms = ProductTerms(institution: "fund", instrument: .bridgeLoan, title: LocalizedText(zh: "转贷"))
    terms.rate = InterestRate(basis: .fixed, lowest: .zero)
    terms.fees = [
      Fee(kind: .bridge, measure: .rate(Rate(ppm: 200)), period: .perDay),
      Fee(
        kind: .other, measure: .range(lowest: .zero, highest: Rate(ppm: 5_000)), period: .once, cap: Rate(ppm: 1_000)),
    ]
    let cost = try AnnualCost.of(
      terms, amount: Money(1_000_000_000, .cny), tenor: .days(5), start: try Self.start(), references: Self.lpr)
    #expect(cost.items.map(\.high.minorUnits) == [0, 1_000_000, 1_000_000])
    #expect(cost.items.map(\.low.minorUnits) == [0, 1_000_000, 0])
  }

  @Test func `an unstated rate is said to be missing and never guessed`() throws {
    var terms = Self.quickLoan()
    terms.rate = nil
    let cost = try AnnualCost.of(
      terms, amount: Money(100_00, .cny), tenor: .months(6), start: try Self.start(), references: Self.lpr)
    #expect(cost.notStated == ["rate"])
  }

  @Test func `without a recorded LPR a spread has no price`() throws {
    let error = #expect(throws: DomainError.self) {
      try AnnualCost.of(
        Self.quickLoan(), amount: Money(100_00, .cny), tenor: .months(6), start: try BusinessDate(iso: "2010-01-01"),
        references: Self.lpr)
    }
    #expect(error?.reason == .policyNotStated)
  }

  @Test func `amounts at the end of the range overflow with an error, not a trap`() throws {
    let error = #expect(throws: DomainError.self) {
      try AnnualCost.of(
        Self.quickLoan(), amount: Money(.max, .cny), tenor: .months(600), start: try Self.start(), references: Self.lpr)
    }
    #expect(error?.reason == .amountOverflow)
  }
}
