import Kernel
import Testing

@testable import Policy

@Suite struct NationalNumbersTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var pack: String
    var expectation: Expectation
    var testDescription: String { "\(pack) \(expectation.testDescription)" }
  }

  static func rows(_ pack: String, _ expectations: [Expectation]) -> [Row] {
    expectations.map { Row(pack: pack, expectation: $0) }
  }

  static let now = Rows(region: "370602", date: "2025-03-01")
  static let batch = "batch_guarantee"

  static let guarantees: [Row] = [
    rows(
      "guobanfa-2019-6",
      [
        now("national fund ≥ 20 %", "risk_share.national_fund.floor", .ppm(200_000)),
        now("bank ≥ 20 %", "risk_share.bank.floor", .ppm(200_000)),
        now("支小支农 ≥ 80 %", "guarantee.small_and_agricultural.share.floor", .ppm(800_000)),
        now("average fee < 1 %", "guarantee_fee.average.cap", .ppm(10_000), exclusive: true),
      ]),
    rows(
      "caijin-2025-11",
      [
        now("focus ≤ ¥10 M", "guarantee.amount.focus_cap", .cny(10_000_000)),
        now("≥ 80 %", "guarantee.small_and_agricultural.share.floor", .ppm(800_000)),
        now("of which ≤ ¥5 M", "guarantee.small_amount.cap", .cny(5_000_000)),
        now("≥ 50 %", "guarantee.small_amount.share.floor", .ppm(500_000)),
        now("excluded", "guarantee.excluded_purposes", .texts(["municipal_bond", "government_financing_platform"])),
      ]),
    rows("guarantee-measures-2018", [now("≤ 10 × net assets", "guarantee.liability_multiple.cap", .integer(10))]),
    rows(
      "batch-guarantee",
      [
        now("bank 20", "risk_share.bank", .ppm(200_000), product: batch),
        now("system 80", "risk_share.guarantee_system", .ppm(800_000), product: batch),
        now("not transferable", "risk_share.bank.transferable", .boolean(false), product: batch),
        now("fee 1 %", "guarantee_fee.rate", .ppm(10_000), product: batch),
        now("days / 365", "guarantee_fee.day_count", .dayCount(.actual365), product: batch),
        now("re-guarantee 0.3 %", "re_guarantee_fee.rate", .ppm(3_000), product: batch),
        now("days / 365", "re_guarantee_fee.day_count", .dayCount(.actual365), product: batch),
        now("cap 3 %", "claim_rate.cap", .ppm(30_000), product: batch),
        now("× 80 %", "claim_rate.released_share", .ppm(800_000), product: batch),
        now("熔断", "claim_rate.breaker", .boolean(true), product: batch),
      ]),
    rows(
      "batch-guarantee-sichuan",
      [
        now("bank 20", "risk_share.bank", .ppm(200_000), product: batch, region: "510104"),
        now("re-guarantor 20", "risk_share.re_guarantor", .ppm(200_000), product: batch, region: "510104"),
        now("guarantor ≤ 60", "risk_share.guarantor.cap", .ppm(600_000), product: batch, region: "510104"),
        now(
          "0.06 % ≤ ¥5 M", "re_guarantee_fee.rate", .ppm(600), product: batch, region: "51",
          PolicyAttributes(guaranteeTotal: yuan(5_000_000))),
        now(
          "0.10 % above", "re_guarantee_fee.rate", .ppm(1_000), product: batch, region: "51",
          PolicyAttributes(guaranteeTotal: yuan(5_000_001))),
      ]),
    rows(
      "luke-loan",
      [
        now("bank ≥ 30 %", "risk_compensation.bank_share.floor", .ppm(300_000), product: "luke-loan"),
        now("first ¥10 M", "risk_compensation.amount.cap", .cny(10_000_000), product: "luke-loan"),
        now("≤ 3 years", "risk_compensation.term.cap", .months(36), product: "luke-loan"),
      ]),
  ].flatMap(\.self)

  static let bridge = "bridge_loan"
  static func kind(_ kind: BorrowerKind) -> PolicyAttributes { PolicyAttributes(borrowerKind: kind) }
  static let donghai = Rows(region: "320722", date: "2025-08-17")
  static func tiers(_ bands: [(PolicyRange, Int64)]) -> PolicyDatum {
    .bands(PolicyBands(bands: bands.map { .init(range: $0.0, value: .perDay($0.1)) }))
  }
  static func edge(_ value: Int64, _ inclusive: Bool) -> PolicyEdge { PolicyEdge(value: value, inclusive: inclusive) }

  static let others: [Row] = [
    rows(
      "suite-conventions",
      [
        now("90 days", "anti_splitting.window", .calendarDays(90)),
        now("monthly reports", "guarantee.registration.cap", .calendarDays(31)),
        now("affiliates", "anti_splitting.includes_affiliates", .boolean(true)),
        now("no double dip", "risk_compensation.excludes_guaranteed", .boolean(true)),
        now("interest actual/360", "loan_interest.day_count", .dayCount(.actual360)),
        now("bridge per day", "bridge_fee.day_count", .dayCount(.perCalendarDay)),
        now("首贷户", "first_loan.excluding_records", .texts(["loan", "bill_discount"])),
        now("working capital", "bridge_loan.purposes", .texts(["working_capital"])),
        now("commitment first", "bridge_loan.commitment_required", .boolean(true)),
        now("own money", "bridge_loan.own_money_required", .boolean(true)),
        now("not diverted", "bridge_loan.use_check_required", .boolean(true)),
        now("closed loop", "bridge_loan.paid_to_loan_account", .boolean(true)),
      ]),
    rows(
      "renewal-2024-13",
      [
        now("signed before", "renewal.signed_before_maturity", .boolean(true)),
        now(
          "stays normal", "renewal.normal_class_conditions",
          .texts(["was_normal", "lawful_operation", "stable_operation", "good_credit", "meets_lending_standards"])),
      ]),
    rows(
      "bank-evaluation-2020",
      [
        now("≥ −30", "evaluation.score.floor", .integer(-30)),
        now("≤ 115", "evaluation.score.cap", .integer(115)),
        now("regular < 60", "evaluation.regular_score.floor", .integer(60)),
      ]),
    rows(
      "donghai-2025",
      [
        donghai(
          "0.02 % to day 5, then 0.04 %", "bridge_fee.tiers",
          tiers([
            (PolicyRange(lower: edge(1, true), upper: edge(5, true)), 200),
            (PolicyRange(lower: edge(5, false)), 400),
          ]), product: bridge),
        donghai("≤ 10 days", "bridge_loan.days.cap", .calendarDays(10), product: bridge),
        donghai("≤ 95 %", "bridge_loan.renewal_share.cap", .ppm(950_000), product: bridge),
        donghai("≤ ¥10 M company", "bridge_loan.amount.cap", .cny(10_000_000), product: bridge, kind(.company)),
        donghai(
          "≤ ¥5 M representative", "bridge_loan.amount.cap", .cny(5_000_000), product: bridge,
          kind(.legalRepresentative)),
        donghai("≤ ¥2 M sole trader", "bridge_loan.amount.cap", .cny(2_000_000), product: bridge, kind(.soleTrader)),
      ]),
    rows(
      "liaocheng-2023",
      [
        now(
          "0.08 %/day", "bridge_fee.tiers", tiers([(PolicyRange(lower: edge(1, true)), 800)]), product: bridge,
          region: "3715")
      ]),
    rows(
      "qianjiang-2016",
      [
        now("≤ 85 %", "bridge_loan.renewal_share.cap", .ppm(850_000), product: bridge, region: "500114"),
        now("≤ ¥20 M", "bridge_loan.amount.cap", .cny(20_000_000), product: bridge, region: "500114"),
        now("> 40 % overdue", "bridge_loan.fund_overdue.cap", .ppm(400_000), product: bridge, region: "500114"),
      ]),
  ].flatMap(\.self)

  @Test(arguments: guarantees + others)
  func `the national and local rules say`(row: Row) throws { try check(row.expectation, in: row.pack) }

  @Test(arguments: [
    ("2019-08-20", 42_500), ("2019-09-19", 42_500), ("2019-09-20", 42_000), ("2019-11-20", 41_500),
    ("2020-02-20", 40_500),
    ("2020-04-19", 40_500), ("2020-04-20", 38_500), ("2021-12-20", 38_000), ("2022-01-20", 37_000),
    ("2022-08-22", 36_500),
    ("2023-06-20", 35_500), ("2023-08-21", 34_500), ("2024-07-22", 33_500), ("2024-10-21", 31_000),
    ("2025-05-20", 30_000),
    ("2025-11-19", 30_000),
  ])
  func `the one-year LPR of a day is the last announced`(date: String, ppm: Int64) throws {
    #expect(try PackFiles.book("lpr-one-year").parameter("lpr.one_year", as: .rate, on: day(date)).value.ppm == ppm)
  }

  @Test(arguments: ["2019-08-19", "2025-11-20", "2026-06-01"])
  func `the LPR of a day outside the table is not guessed`(date: String) throws {
    let book = try PackFiles.book("lpr-one-year")
    #expect(reason { _ = try book.parameter("lpr.one_year", as: .rate, on: day(date)) } == "POLICY_NOT_STATED")
  }

  @Test func `国担快贷 at LPR plus 10 BP is the 3.75 percent the document prints`() throws {
    let book = try PackFiles.book("taian-2023-2", "lpr-one-year")
    let scope = PolicyScope(region: "3709", product: "guodan-kuaidai")
    let date = try day("2022-09-01")
    let spread = try book.parameter("product.rate.lpr_spread", as: .rate, scope: scope, on: date).value
    let lpr = try book.parameter("lpr.one_year", as: .rate, scope: scope, on: date).value
    #expect(
      try book.parameter("product.rate.floor", as: .rate, scope: scope, on: date).value.ppm == spread.ppm + lpr.ppm)
  }
}
