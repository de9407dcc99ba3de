import Kernel
import Testing

@testable import Policy

@Suite struct DemonstrationCityTests {
  private static func book() throws -> PolicyBook {
    try PolicyBook.load(PackFiles.names().map { try PackFiles.source($0) }, hash: PackFiles.fingerprint)
  }

  private static func source(
    _ parameter: String, in region: String, product: String? = nil,
    _ attributes: PolicyAttributes = PolicyAttributes(size: .small, relendingScope: false),
    on date: String = "2025-09-01"
  ) throws -> String {
    let scope = PolicyScope(region: region, product: product, attributes: attributes)
    return try book().parameter(parameter, as: .any, scope: scope, on: day(date)).citation.ruleID
  }

  @Test func `its choices fill the documents' silence and nothing else`() throws {
    #expect(
      try Self.source("claim_rate.cap", in: "370303", product: "guarantee") == "zibo-2020-56.claim_rate.cap.standing")
    #expect(try Self.source("claim_rate.cap", in: "370602", product: "guarantee") == "demo-city.claim_rate.cap")
    #expect(try Self.source("bridge_fee.tiers", in: "370602", product: "bridge_loan") == "demo-city.bridge_fee.tiers")
    #expect(try Self.source("bridge_fee.tiers", in: "320722", product: "bridge_loan") == "donghai-2025.fee")
    #expect(try Self.source("bridge_fee.tiers", in: "371502", product: "bridge_loan") == "liaocheng-2023.fee")
    #expect(try Self.source("ip_subsidy.day_count", in: "370602") == "demo-city.ip_subsidy.day_count")
    #expect(try Self.source("assessment.response.days.cap", in: "370303") == "demo-city.assessment.response")
    let rural = PolicyAttributes(size: .notAFirm, agricultural: true, guaranteeTotal: yuan(1_000_000))
    #expect(
      try Self.source("guarantee_fee.cap", in: "370602", product: "guarantee", rural)
        == "demo-city.guarantee_fee.agricultural")
  }

  static let rows: [Expectation] = {
    let row = Rows(region: "370602", date: "2023-08-07")
    return [
      row("grade ≥ C", "assessment.grade.floor", .atLeast("C")),
      row("≤ ¥10 M", "assessment.amount.cap", .cny(10_000_000)),
      row("≤ ¥5 M first", "assessment.focus_amount.cap", .cny(5_000_000)),
      row("small and micro firms", "assessment.sizes", .texts(["micro", "small"])),
      row("双查 consents", "assessment.consents", .texts(["pboc_credit_report", "public_credit_platform_report"])),
      row("a valid code", "assessment.uscc_required", .boolean(true)),
      row("six months", "assessment.months_in_business.floor", .months(6)),
      row("nothing overdue", "assessment.overdue_days.cap", .calendarDays(0)),
      row("two working days", "assessment.response.days.cap", .workingDays(2)),
    ]
  }()

  @Test(arguments: rows) func `the rapid judgement asks`(row: Expectation) throws { try check(row, in: "demo-city") }

  @Test(arguments: [
    "assessment.grade.floor", "assessment.amount.cap", "assessment.focus_amount.cap", "assessment.sizes",
  ])
  func `what it takes from a document cites the document`(parameter: String) throws {
    let answer = try PackFiles.book("demo-city").parameter(parameter, as: .any, on: day("2023-08-07"))
    #expect(answer.citation.document == "烟营办便函〔2023〕8号")
    #expect(answer.citation.article == "三(二)4")
  }

  @Test func `what it made up says so`() throws {
    let answer = try PackFiles.book("demo-city").parameter(
      "assessment.months_in_business.floor", as: .months, on: day("2023-08-07"))
    #expect(answer.citation.document == "city's own decision (demonstration)")
  }
}
