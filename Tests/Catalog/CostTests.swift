import CatalogDomain
import Kernel
import Testing

/// Repayment, tiers, fees and the internal rate. The expected rates were computed beside it with fifty decimal digits.
@Suite struct CostTests {
  private static func terms(_ ppm: Int64, _ change: (inout ProductTerms) -> Void = { _ in }) -> ProductTerms {
    var terms = ProductTerms(institution: "b", instrument: .loan, title: LocalizedText(zh: "贷"))
    terms.rate = InterestRate(basis: .fixed, lowest: Rate(ppm: ppm), dayCount: .actual365)
    change(&terms)
    return terms
  }

  private static func cost(
    _ terms: ProductTerms, _ amount: Int64 = 100_000_00, months: Int = 12, by method: RepaymentMethod? = nil,
    firm: Profile? = nil
  ) throws -> AnnualCost {
    try AnnualCost.of(
      terms,
      CostQuestion(
        amount: Money(amount, .cny), tenor: .months(months), start: try BusinessDate(iso: "2023-01-01"),
        repayment: method, firm: firm), references: ReferenceRateTable())
  }

  @Test func `a year's bullet loan at 5 % over 365 days costs 5 %`() throws {
    let cost = try Self.cost(Self.terms(50_000))
    #expect(cost.totalLow.minorUnits == 5_000_00)
    #expect(cost.internalLow?.ppm == 50_000 && cost.internalHigh?.ppm == 50_000)
    #expect(cost.schedule.map(\.balance.minorUnits) == [100_000_00, 0])
  }

  @Test func `actual/360 makes 5 % dearer, by five days' interest`() throws {
    let cost = try Self.cost(Self.terms(50_000) { $0.rate?.dayCount = nil })
    #expect(cost.totalLow.minorUnits == 5_069_44)
    #expect(cost.internalLow?.ppm == 50_694)
  }

  @Test func `equal instalments are equal but for the last, and leave nothing`() throws {
    let cost = try Self.cost(Self.terms(60_000), by: .equalInstalments)
    let payments = cost.schedule.dropFirst().map { $0.principal.minorUnits + $0.interest.minorUnits }
    #expect(payments.count == 12 && Set(payments.dropLast()).count == 1)
    #expect(abs(payments[11] - payments[0]) < 12)
    #expect(cost.schedule.last?.balance.minorUnits == 0)
    #expect(payments[0] == 8_605_53 && cost.totalLow.minorUnits == 3_266_26)
    #expect(cost.internalLow?.ppm == 61_678)
  }

  @Test func `equal parts of the principal sum to it exactly, with less interest than one payment at the end`() throws {
    let cost = try Self.cost(Self.terms(60_000), 100_00, months: 7, by: .equalPrincipal)
    let parts = cost.schedule.dropFirst().map(\.principal.minorUnits)
    #expect(parts.reduce(0, +) == 100_00 && (parts.max() ?? 0) - (parts.min() ?? 0) <= 1)
    let bullet = try Self.cost(Self.terms(60_000), 100_00, months: 7)
    #expect(cost.totalLow.minorUnits < bullet.totalLow.minorUnits)
  }

  @Test func `interest by month and by quarter falls due on those days`() throws {
    let monthly = try Self.cost(Self.terms(36_500), by: .interestMonthly)
    #expect(monthly.schedule.count == 13)
    #expect(monthly.schedule[1].interest.minorUnits == 310_00 && monthly.schedule[2].interest.minorUnits == 280_00)
    let quarterly = try Self.cost(Self.terms(36_500), months: 11, by: .interestQuarterly)
    #expect(
      quarterly.schedule.dropFirst().map(\.date.description) == [
        "2023-04-01", "2023-07-01", "2023-10-01", "2023-12-01",
      ])
  }

  @Test func `whole tiers price everything at one rate, per-tier ones part by part`() throws {
    func tiered(_ method: TierMethod) -> ProductTerms {
      Self.terms(40_000) {
        $0.rate?.highest = Rate(ppm: 60_000)
        $0.rate?.tiers = RateTiers(
          method: method, currency: .cny,
          tiers: [
            RateTier(bounds: IntegerRange(max: 50_000_00), lowest: Rate(ppm: 60_000)),
            RateTier(bounds: IntegerRange(min: 50_000_00, minExclusive: true), lowest: Rate(ppm: 40_000)),
          ])
      }
    }
    #expect(try Self.cost(tiered(.whole)).totalLow.minorUnits == 4_000_00)
    #expect(try Self.cost(tiered(.perTier)).totalLow.minorUnits == 5_000_00)
    #expect(try Self.cost(tiered(.whole), 50_000_00).totalLow.minorUnits == 3_000_00, "the bound is the first tier's")
    #expect(try Self.cost(tiered(.whole), 50_000_01).totalLow.minorUnits == 2_000_00)
  }

  @Test func `fees fall due by their period, within their caps`() throws {
    func fee(_ measure: FeeMeasure, _ period: FeePeriod, cap: Rate? = nil, periodCap: Money? = nil) -> Fee {
      Fee(kind: .other, measure: measure, period: period, cap: cap, periodCap: periodCap)
    }
    let ten = FeeMeasure.fixed(Money(10_00, .cny))
    let rows: [(Fee, Int64, String)] = [
      (fee(ten, .once), 10_00, "2023-01-01"), (fee(ten, .atEnd), 10_00, "2023-07-01"),
      (fee(ten, .perMonth), 60_00, "2023-02-01"), (fee(ten, .perYear), 4_96, "2023-01-01"),
      (fee(ten, .perDay), 1_810_00, "2023-07-01"),
      (fee(.rate(Rate(ppm: 1_000)), .perMonth, periodCap: Money(40_00, .cny)), 240_00, "2023-02-01"),
      (fee(.rate(Rate(ppm: 1_000)), .perMonth, cap: Rate(ppm: 2_500)), 250_00, "2023-02-01"),
      (fee(.fixedRange(lowest: Money(1, .cny), highest: Money(10_00, .cny)), .once), 10_00, "2023-01-01"),
    ]
    for (fee, total, first) in rows {
      let cost = try Self.cost(Self.terms(0) { $0.fees = [fee] }, months: 6)
      #expect(cost.totalHigh.minorUnits == total, "\(fee)")
      #expect(cost.schedule.first { $0.fees.minorUnits > 0 }?.date.description == first, "\(fee)")
      #expect(cost.schedule.reduce(0) { $0 + $1.fees.minorUnits } == total)
    }
    let event = try Self.cost(Self.terms(0) { $0.fees = [fee(ten, .perEvent)] })
    #expect(event.totalHigh.minorUnits == 0 && event.contingent == ["other: CNY 10.00"])
    let silent = try Self.cost(Self.terms(0) { $0.fees = [fee(.unstated, .once)] })
    #expect(silent.notStated == ["fees[0]"] && silent.internalHigh == nil)
  }

  @Test func `a discount applies to who certainly meets its condition, the largest of several`() throws {
    let condition = Predicate.condition(.hasAny(.tags, ["high-tech"]))
    let fee = Fee(
      kind: .guarantee, measure: .rate(Rate(ppm: 10_000)), period: .once,
      discounts: [
        FeeDiscount(reduction: .shareOff(Rate(ppm: 300_000)), condition: condition),
        FeeDiscount(reduction: .rateInstead(Rate(ppm: 5_000)), condition: condition),
        FeeDiscount(reduction: .shareOff(Rate(ppm: 1_000_000)), note: LocalizedText(zh: "另议")),
      ])
    let terms = Self.terms(0) { $0.fees = [fee] }
    var firm = Profile()
    #expect(try Self.cost(terms).totalHigh.minorUnits == 1_000_00)
    #expect(try Self.cost(terms, firm: firm).totalHigh.minorUnits == 1_000_00)
    firm[.tags] = ["high-tech"]
    #expect(try Self.cost(terms, firm: firm).totalHigh.minorUnits == 500_00)
  }

  @Test func `a repayment that is not offered is refused`() {
    let terms = Self.terms(50_000) { $0.repaymentMethods = [.equalInstalments, .bullet] }
    #expect(throws: DomainError.self) { try Self.cost(terms, by: .equalPrincipal) }
    #expect((try? Self.cost(terms).repayment) == .equalInstalments)
  }

  @Test func `extreme amounts and tenors end in a cost or an error, never in a trap`() throws {
    for amount in [Int64(1), 99, .max / 2, .max] {
      for months in [1, 13, 600] {
        for method in RepaymentMethod.allCases {
          do { _ = try Self.cost(Self.terms(1_000_000), amount, months: months, by: method) } catch let error
            as DomainError
          {
            #expect(error.reason == .amountOverflow)
          }
        }
      }
    }
  }
}
