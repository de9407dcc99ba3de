import Kernel
import Testing

@testable import Policy

@Suite struct SizeClassificationTests {
  private static func classify(
    _ sector: IndustrySector, _ indicators: SizeClassification.Indicators
  ) throws -> (SizeBand, [String]) {
    var reading = PolicyReading(try PackFiles.book("size-classification-2011"), on: try day("2023-08-07"))
    let size = try SizeClassification.classify(indicators, in: sector, with: &reading)
    return (size, reading.citations.map(\.ruleID))
  }

  /// 万元.
  private static func wan(_ amount: Int64) -> Money { yuan(amount * 10_000) }

  /// RULES' table: lower bounds of large, medium and small.
  struct Row: Sendable, CustomTestStringConvertible {
    var sector: IndustrySector
    var staff: [Int64]?
    var revenue: [Int64]?
    var assets: [Int64]?
    var testDescription: String { sector.rawValue }
  }

  static let table = [
    Row(sector: .agriculture, revenue: [20_000, 500, 50]),
    Row(sector: .industry, staff: [1_000, 300, 20], revenue: [40_000, 2_000, 300]),
    Row(sector: .construction, revenue: [80_000, 6_000, 300], assets: [80_000, 5_000, 300]),
    Row(sector: .wholesale, staff: [200, 20, 5], revenue: [40_000, 5_000, 1_000]),
    Row(sector: .retail, staff: [300, 50, 10], revenue: [20_000, 500, 100]),
    Row(sector: .transport, staff: [1_000, 300, 20], revenue: [30_000, 3_000, 200]),
    Row(sector: .warehousing, staff: [200, 100, 20], revenue: [30_000, 1_000, 100]),
    Row(sector: .post, staff: [1_000, 300, 20], revenue: [30_000, 2_000, 100]),
    Row(sector: .lodging, staff: [300, 100, 10], revenue: [10_000, 2_000, 100]),
    Row(sector: .catering, staff: [300, 100, 10], revenue: [10_000, 2_000, 100]),
    Row(sector: .telecommunications, staff: [2_000, 100, 10], revenue: [100_000, 1_000, 100]),
    Row(sector: .software, staff: [300, 100, 10], revenue: [10_000, 1_000, 50]),
    Row(sector: .realEstate, revenue: [200_000, 1_000, 100], assets: [10_000, 5_000, 2_000]),
    Row(sector: .propertyManagement, staff: [1_000, 300, 100], revenue: [5_000, 1_000, 500]),
    Row(sector: .leasingAndBusinessServices, staff: [300, 100, 10], assets: [120_000, 8_000, 100]),
    Row(sector: .other, staff: [300, 100, 10]),
  ]

  @Test func `the table has all sixteen sectors`() {
    #expect(Set(Self.table.map(\.sector)) == Set(IndustrySector.allCases))
  }

  @Test(arguments: table) func `each bound belongs to the larger size and one less does not`(row: Row) throws {
    let huge: Int64 = 1_000_000_000
    for (index, size) in [SizeBand.large, .medium, .small].enumerated() {
      let below = [SizeBand.medium, .small, .micro][index]
      func indicators(_ less: Int64, in which: Int) -> SizeClassification.Indicators {
        func bound(_ bounds: [Int64]?, _ place: Int, _ unit: Int64) -> Int64? {
          bounds.map { ($0[index] * unit) - (place == which ? less : 0) }
        }
        return SizeClassification.Indicators(
          staff: bound(row.staff, 0, 1) ?? huge, revenue: Money(bound(row.revenue, 1, 1_000_000) ?? huge, .cny),
          assets: Money(bound(row.assets, 2, 1_000_000) ?? huge, .cny))
      }
      #expect(try Self.classify(row.sector, indicators(0, in: 0)).0 == size)
      for (place, bounds) in [row.staff, row.revenue, row.assets].enumerated() where bounds != nil {
        #expect(try Self.classify(row.sector, indicators(1, in: place)).0 == below, "indicator \(place)")
      }
    }
  }

  @Test func `industry with 500 staff and 200 万元 is micro, not small`() throws {
    let (size, rules) = try Self.classify(.industry, .init(staff: 500, revenue: Self.wan(200)))
    #expect(size == .micro)
    #expect(rules == ["size-classification-2011.industry.staff", "size-classification-2011.industry.revenue"])
  }

  @Test func `an indicator the sector uses is asked for and one it does not use is ignored`() throws {
    #expect(reason { _ = try Self.classify(.industry, .init(staff: 500)) } == "POLICY_FACT_MISSING")
    #expect(reason { _ = try Self.classify(.agriculture, .init(staff: 500)) } == "POLICY_FACT_MISSING")
    #expect(try Self.classify(.other, .init(staff: 10)).0 == .small)
    #expect(try Self.classify(.agriculture, .init(staff: -1, revenue: Self.wan(50))).0 == .small)
    #expect(reason { _ = try Self.classify(.other, .init(staff: -1)) } == "INVALID_ARGUMENT")
    #expect(reason { _ = try Self.classify(.agriculture, .init(revenue: Money(1, .usd))) } == "CURRENCY_MISMATCH")
  }

  @Test func `without the national pack no size is guessed`() throws {
    var reading = PolicyReading(try PackFiles.book("yantai-2023-8"), on: try day("2023-08-07"))
    #expect(
      reason { _ = try SizeClassification.classify(.init(staff: 1), in: .other, with: &reading) } == "POLICY_NOT_STATED"
    )
  }
}

@Suite struct DayCountTests {
  @Test(arguments: [
    (DayCount.actual360, 360, 3_450_000), (.actual360, 1, 9_583), (.actual365, 365, 3_450_000),
    (.actual365, 366, 3_459_452),
    (.perCalendarDay, 10, 34_500_000), (.actual360, 0, 0),
  ])
  func `one million at 3.45 percent by each convention`(convention: DayCount, days: Int, minorUnits: Int64) throws {
    #expect(try convention.charge(yuan(1_000_000), at: Rate(ppm: 34_500), days: days).minorUnits == minorUnits)
  }

  @Test func `a leap year's 366 days are still divided by 365`() throws {
    let start = try day("2024-01-01")
    let days = try day("2025-01-01").days(since: start)
    #expect(days == 366)
    #expect(try DayCount.actual365.charge(yuan(3_650_000), at: Rate(ppm: 10_000), days: days) == yuan(36_600))
  }

  @Test func `halves round away from zero, once`() throws {
    #expect(try DayCount.perCalendarDay.charge(Money(1, .cny), at: Rate(ppm: 500_000), days: 1).minorUnits == 1)
    #expect(try DayCount.perCalendarDay.charge(Money(-1, .cny), at: Rate(ppm: 500_000), days: 1).minorUnits == -1)
    #expect(try DayCount.perCalendarDay.charge(Money(1, .cny), at: Rate(ppm: 250_000), days: 2).minorUnits == 1)
    #expect(try DayCount.perCalendarDay.charge(Money(1, .cny), at: Rate(ppm: 499_999), days: 1).minorUnits == 0)
  }

  @Test func `negative days and amounts beyond 64 bits are refused`() {
    #expect(reason { _ = try DayCount.actual360.charge(yuan(1), at: .one, days: -1) } == "INVALID_ARGUMENT")
    for days in [2, Int.max] {
      #expect(
        reason { _ = try DayCount.perCalendarDay.charge(Money(.max, .cny), at: Rate(ppm: .max), days: days) }
          == "AMOUNT_OVERFLOW")
      #expect(
        reason { _ = try DayCount.perCalendarDay.charge(Money(.min, .cny), at: Rate(ppm: .min), days: days) }
          == "AMOUNT_OVERFLOW")
    }
  }

  @Test func `the batch guarantee fee is principal times one percent by 365`() throws {
    let book = try PackFiles.book("batch-guarantee")
    let scope = PolicyScope(product: "batch_guarantee")
    let date = try day("2023-08-07")
    let fee = try book.parameter("guarantee_fee.rate", as: .rate, scope: scope, on: date).value
    let convention = try book.parameter("guarantee_fee.day_count", as: .dayCount, scope: scope, on: date).value
    #expect(try convention.charge(yuan(1_000_000), at: fee, days: 90).minorUnits == 246_575)
  }
}

@Suite struct InterestSubsidyTests {
  private static func reading(_ kind: PledgeKind, on date: String = "2023-09-30") throws -> PolicyReading {
    let book = try PackFiles.book("demo-city", "yantai-2023-8", "lpr-one-year", "suite-conventions")
    let scope = PolicyScope(region: "3706", attributes: PolicyAttributes(pledgeKind: kind))
    return PolicyReading(book, scope: scope, on: try day(date))
  }

  @Test(arguments: [
    ("2023-09-15", 40_000, 20_700), ("2023-09-01", 40_000, 20_700), ("2023-08-31", 40_000, 21_300),
    ("2023-09-15", 30_000, 18_000), ("2023-09-15", 34_500, 20_700),
  ])
  func `sixty percent of the LPR of the month before the signature, or of the actual rate if lower`(
    signed: String, actual: Int64, ppm: Int64
  ) throws {
    var reading = try Self.reading(.patent)
    #expect(try InterestSubsidy.rate(actual: Rate(ppm: actual), signed: day(signed), with: &reading).ppm == ppm)
    #expect(reading.citations.contains { $0.ruleID.hasPrefix("lpr-one-year.") })
  }

  @Test func `a month whose LPR is not entered is refused`() throws {
    var reading = try Self.reading(.patent, on: "2026-03-01")
    #expect(
      reason { _ = try InterestSubsidy.rate(actual: Rate(ppm: 40_000), signed: day("2026-02-01"), with: &reading) }
        == "POLICY_NOT_STATED")
  }

  @Test func `the subsidy is cut at the firm's cap and says so`() throws {
    var patent = try Self.reading(.patent)
    let full = try InterestSubsidy.amount(yuan(24_154_589), at: Rate(ppm: 20_700), days: 360, with: &patent)
    #expect(full.amount.minorUnits == 49_999_999 && !full.capped)
    let cut = try InterestSubsidy.amount(yuan(24_154_590), at: Rate(ppm: 20_700), days: 360, with: &patent)
    #expect(cut.amount == yuan(500_000) && cut.capped)
    var trademark = try Self.reading(.trademark)
    #expect(
      try InterestSubsidy.amount(yuan(24_154_590), at: Rate(ppm: 20_700), days: 360, with: &trademark).amount
        == yuan(100_000))
  }
}

@Suite struct WorkingCalendarTests {
  private static func calendar() throws -> WorkingCalendar {
    WorkingCalendar(try PackFiles.book("state-council-calendar"))
  }

  @Test(arguments: [
    ("2023-09-28", true), ("2023-09-29", false), ("2023-10-06", false), ("2023-10-07", true), ("2023-10-08", true),
    ("2023-10-14", false), ("2024-02-18", true), ("2025-01-26", true), ("2025-10-08", false), ("2026-01-04", true),
    ("2026-02-14", true), ("2026-02-23", false), ("2026-02-28", true), ("2026-09-20", true), ("2020-01-31", false),
    ("2020-02-01", false), ("2020-02-03", true),
  ])
  func `holidays and worked weekends are swapped`(date: String, working: Bool) throws {
    #expect(try Self.calendar().isWorkingDay(day(date)) == working)
  }

  @Test(arguments: [
    ("2023-09-27", 1, "2023-09-28"), ("2023-09-28", 1, "2023-10-07"), ("2023-09-28", 10, "2023-10-18"),
    ("2022-06-02", 10, "2022-06-17"), ("2023-08-07", 0, "2023-08-07"), ("2025-12-31", 1, "2026-01-04"),
  ])
  func `a deadline in working days skips holidays and leaves out the first day`(from: String, days: Int, to: String)
    throws
  {
    #expect(try Self.calendar().date(days, after: day(from)) == day(to))
  }

  @Test func `a deadline is counted in the days its rule names`() throws {
    let calendar = try Self.calendar()
    #expect(
      try calendar.deadline(PolicyDays(count: 10, kind: .calendar), after: day("2023-09-28")) == day("2023-10-08"))
    #expect(try calendar.deadline(PolicyDays(count: 10, kind: .working), after: day("2023-09-28")) == day("2023-10-18"))
  }

  @Test func `a year whose holidays are not entered is refused`() throws {
    #expect(reason { _ = try Self.calendar().isWorkingDay(day("2027-03-01")) } == "POLICY_NOT_STATED")
    #expect(reason { _ = try Self.calendar().date(10, after: day("2026-12-25")) } == "POLICY_NOT_STATED")
    #expect(reason { _ = try Self.calendar().date(-1, after: day("2026-01-01")) } == "INVALID_ARGUMENT")
    #expect(reason { _ = try Self.calendar().date(.max, after: day("2026-01-01")) } == "INVALID_ARGUMENT")
  }

  @Test func `every listed holiday is a weekday and every worked day a weekend`() throws {
    let book = try PackFiles.book("state-council-calendar")
    for year in 2020...2026 {
      let date = try BusinessDate(year: year, month: 6, day: 1)
      let holidays = try book.parameter("calendar.holidays", as: .dates, on: date).value
      let worked = try book.parameter("calendar.working_weekends", as: .dates, on: date).value
      #expect(holidays.allSatisfy { $0.weekday <= 5 && $0.year == year })
      #expect(worked.allSatisfy { $0.weekday >= 6 && $0.year == year })
      #expect((17...20).contains(holidays.count) && (5...8).contains(worked.count))
    }
  }
}

@Suite struct EvaluationGradeTests {
  private static func grade(_ regular: Int64, _ bonus: Int64 = 0) throws -> Int64 {
    var reading = PolicyReading(try PackFiles.book("bank-evaluation-2020"), on: try day("2023-12-31"))
    return try EvaluationGrade.grade(regular: regular, bonus: bonus, with: &reading)
  }

  private static let point = EvaluationGrade.pointScale

  @Test(arguments: [
    (100, 15, 1), (90, 0, 1), (75, 0, 2), (60, 0, 3), (60, 15, 2), (60, 30, 1), (59, 0, 4), (59, 15, 4), (59, 56, 4),
    (0, 0, 4), (-30, 0, 4),
  ])
  func `the grade follows the total unless the regular score fails`(regular: Int64, bonus: Int64, grade: Int64) throws {
    #expect(try Self.grade(regular * Self.point, bonus * Self.point) == grade)
  }

  @Test func `fractions of a point count`() throws {
    #expect(try Self.grade(90 * Self.point - 1) == 2)
    #expect(try Self.grade(75 * Self.point - 1) == 3)
    #expect(try Self.grade(60 * Self.point - 1, 40 * Self.point) == 4)
  }

  @Test func `a total outside the range is refused, never clamped`() {
    #expect(reason { _ = try Self.grade(100 * Self.point, 15 * Self.point + 1) } == "LIMIT_EXCEEDED")
    #expect(reason { _ = try Self.grade(-30 * Self.point - 1) } == "LIMIT_EXCEEDED")
    #expect(reason { _ = try Self.grade(.max, .max) } == "AMOUNT_OVERFLOW")
  }
}
