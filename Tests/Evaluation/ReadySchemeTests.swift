import EvaluationDomain
import EvaluationStore
import Foundation
import Kernel
import Protos
import SwiftProtobuf
import Testing

@testable import EvaluationAPI

@Suite("The ready schemes in data/schemes") struct ReadySchemeTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../data/schemes").standardized

  private func indicators(_ file: String) throws -> [Indicator] {
    let url = Self.folder.appendingPathComponent("\(file).indicators.json")
    let request = try Huirong_Evaluation_V1_BatchCreateIndicatorsRequest(jsonUTF8Data: Data(contentsOf: url))
    return try request.indicators.map { try Indicator($0, field: "indicator", now: Given.now) }
  }

  private func proto(_ file: String) throws -> Huirong_Evaluation_V1_Scheme {
    let url = Self.folder.appendingPathComponent("\(file).scheme.json")
    return try Huirong_Evaluation_V1_CreateSchemeRequest(jsonUTF8Data: Data(contentsOf: url)).scheme
  }

  private func scheme(_ file: String) throws -> Scheme { try Scheme(try proto(file), now: Given.now) }

  @Test(arguments: [
    ("sba-lenders", "sba-lenders"), ("sba-lenders-yearly", "sba-lenders"), ("zibo-2020", "zibo-2020"),
    ("zibo-2020-h1", "zibo-2020"), ("cbirc-2020", "cbirc-2020"), ("zibo-2023", "zibo-2023"),
    ("ningyang-2022", "taian-2023"), ("xintai-2022", "taian-2023"), ("xintai-projects-2022", "taian-2023"),
    ("qinghai-advisers-2022", "qinghai-2022"), ("qinghai-institutions-2022", "qinghai-2022"),
    ("yantai-2023", "yantai-2023"),
  ])
  func `every file is accepted by a store and reads back as it was written`(file: String, dictionary: String)
    async throws
  {
    try await withStore { store, _ in
      _ = try await store.createIndicators(
        try indicators(dictionary), envelope: try Sent.envelope("i"), encode: Sent.text)
      let stored = try await store.createScheme(
        try scheme(file), previousVersion: 0, envelope: try Sent.envelope("s"), encode: Sent.text
      ).fresh
      var back = Huirong_Evaluation_V1_Scheme(try #require(stored))
      #expect(back.digest.count == 32)
      back.clearCreateTime()
      back.version = 0
      back.digest = Data()
      #expect(back.state == .draft)
      #expect(back.creator == "office/li")
      back.state = .unspecified
      back.creator = ""
      #expect(try back == proto(file))
    }
  }

  private func matrix(
    _ dictionary: String, _ period: String, _ values: [String: [String: Int64]], groups: [String: String] = [:],
    firstYears: [String: Int] = [:], type: String = "bank", and silent: [(id: String, firstYear: Int)] = []
  ) throws -> Matrix {
    let ids = Set(values.values.flatMap(\.keys)).sorted()
    let counted = Given.indicator(AdviserAwards.indicatorID, source: .feed, aggregation: .sum, absentIsZero: true)
    return Matrix(
      indicators: try indicators(dictionary) + [counted],
      institutions: ids.map { id in
        var entry = Given.institution(id, group: groups[id] ?? "city", firstYear: firstYears[id] ?? 0)
        entry.type = type
        return entry
      } + silent.map { Given.institution($0.id, group: "city", firstYear: $0.firstYear) }, period: period,
      values: values)
  }

  private func fact(_ institution: String, _ indicator: String, _ period: String, _ value: Int64) throws -> InputFact {
    InputFact(
      institutionID: institution, indicatorID: indicator, period: try Period(period), value: value, version: 1)
  }

  @Test func `Zibo 2020: increment and growth, 10 % and 75 %, zero when the increment is negative, first year outside`()
    throws
  {
    let before = try [
      fact("a", "zibo.sme-loans", "2019", 1000), fact("b", "zibo.sme-loans", "2019", 100),
      fact("c", "zibo.sme-loans", "2019", 500), fact("new", "zibo.sme-loans", "2019", 1),
    ]
    let data = try matrix(
      "zibo-2020", "2020",
      [
        "zibo.sme-loans": ["a": 1080, "b": 150, "c": 450, "new": 900],
        "zibo.loans": ["a": 720, "b": 80, "c": 60, "new": 10],
        "zibo.deposits": ["a": 1000, "b": 100, "c": 100, "new": 10],
      ], firstYears: ["new": 2020])
    let rows = try data.rows(try scheme("zibo-2020"), extra: before)
    // a: increment 80 (1st, 100), growth 8 % (2nd, 95): 99; growth 8 of 10 %: 80; ratio 72 of 75 %: 96.
    // b: increment 50 (2nd, 95), growth 50 % (1st, 100): 96; growth capped 100; ratio 80 %, capped 100.
    // c: increment −50: 0 points in both; growth −10 %: floor 0; ratio 60 of 75 %: 80.
    #expect(rows.map(\.institutionID) == ["b", "a", "c", "new"])
    #expect(rows.map(\.total) == [98_000_000, 93_500_000, 20_000_000, 0])
    #expect(rows.map(\.rank) == [1, 2, 3, 0])
    #expect(rows.last?.outsideReason == "first year of business (2020)")
  }

  @Test func `Zibo 2020: the first half owes 60 % of the year's task`() throws {
    let before = try [
      fact("a", "zibo.sme-loans", "2019-12", 1000), fact("b", "zibo.sme-loans", "2019-12", 1000),
    ]
    let data = try matrix(
      "zibo-2020", "2020-H1",
      ["zibo.sme-loans": ["a": 1060, "b": 1030], "zibo.sme-task": ["a": 100, "b": 100]])
    let rows = try data.rows(try scheme("zibo-2020-h1"), extra: before)
    // a: 60 % of the task: 100; first in both: 100. b: 30 %: 50; second in both: 95.
    #expect(rows.map(\.total) == [100_000_000, 72_500_000])
  }

  @Test func `CBIRC 2020: range, grades, bonus cap, deduction, veto`() throws {
    let parts = ["credit-supply", "mechanism", "policy", "innovation", "inspection"]
    func every(_ points: [String: Int64]) -> [String: [String: Int64]] {
      var values: [String: [String: Int64]] = [:]
      for part in parts { values["cbirc.\(part)"] = points.mapValues(Given.points) }
      return values
    }
    var values = every(["low": 59, "edge": 60, "good": 75, "top": 95, "veto": 95, "bad": 0])
    values["cbirc.bonus"] = ["low": 15, "edge": 15, "good": 15, "top": 25].mapValues(Given.points)
    values["cbirc.deduction"] = ["bad": Given.points(45), "good": Given.points(1)]
    values["cbirc.veto-events"] = ["veto": 1]
    let rows = try matrix("cbirc-2020", "2020", values).rows(try scheme("cbirc-2020"))
    let grades = Dictionary(
      uniqueKeysWithValues: rows.map { ($0.institutionID, "\($0.total / 1_000_000) \($0.grade)") })
    #expect(
      grades == [
        "low": "74 4", "edge": "75 2", "good": "89 2", "top": "110 1", "veto": "95 4", "bad": "-30 4",
      ])
  }

  @Test func `Zibo 2023: increment against the task, inclusive growth not below all loans, first loans, demands`()
    throws
  {
    let before = try [
      fact("a", "zibo23.inclusive-loans", "2022", 1000), fact("a", "zibo23.loans", "2022", 4000),
      fact("b", "zibo23.inclusive-loans", "2022", 1000), fact("b", "zibo23.loans", "2022", 4000),
    ]
    let rows = try matrix(
      "zibo-2023", "2023",
      [
        // Both grow inclusive loans by 10 %; a grows all loans by 10 %, b by 10.025 %.
        "zibo23.inclusive-loans": ["a": 1100, "b": 1100], "zibo23.loans": ["a": 4400, "b": 4401],
        "zibo23.inclusive-task": ["a": 100, "b": 200], "zibo23.first-loan-firms": ["a": 30, "b": 50],
        "zibo23.first-loan-task": ["a": 40, "b": 40], "zibo23.demands-received": ["a": 8, "b": 10],
        "zibo23.demands-met": ["a": 6, "b": 10],
      ]
    ).rows(try scheme("zibo-2023"), extra: before)
    // a: 40 + 20 + 20 × 30/40 + 20 × 6/8 = 90; b: 40 × 100/200 + 0 + 20 + 20 = 60.
    #expect(rows.map { "\($0.institutionID) \($0.total / 1_000_000)" } == ["a 90", "b 60"])
  }

  /// Balances of 2021 and 2022 of two banks: a lends more, b has the cleaner book.
  private func taian(_ scheme: Scheme) throws -> [ScoreRow] {
    let before = try [
      fact("a", "taian.loans", "2021", 1000), fact("b", "taian.loans", "2021", 1000),
      fact("a", "taian.inclusive-loans", "2021", 100), fact("b", "taian.inclusive-loans", "2021", 100),
    ]
    return try matrix(
      "taian-2023", "2022",
      [
        "taian.loans": ["a": 1500, "b": 1200], "taian.inclusive-loans": ["a": 160, "b": 140],
        "taian.industry-loans": ["a": 300, "b": 240], "taian.npl": ["a": 60, "b": 12], "taian.tax": ["a": 10, "b": 8],
      ]
    ).rows(scheme, extra: before)
  }

  @Test func `Ningyang: a raised NPL weight puts the cleaner book first, Xintai's five equal criteria do not`() throws {
    let ningyang = try taian(try scheme("ningyang-2022"))
    // NPL ratios 4 % and 1 %, mean 2.5 %: a 62.5, b 100. Increments a 100, b 95, inclusive a 100, b 95, industry 20 % each
    // 100, tax 100 and 80. a: 25 + 25 + 20 + 10 + 5 = 85; b: 40 + 23.75 + 19 + 10 + 4 = 96.75.
    #expect(ningyang.map { "\($0.institutionID) \($0.total)" } == ["b 96750000", "a 85000000"])
    let xintai = try taian(try scheme("xintai-2022"))
    // a: (100 + 100 + 62.5 + 100 + 100) ÷ 5 = 92.5; b: (95 + 80 + 100 + 95 + 100) ÷ 5 = 94.
    #expect(xintai.map { "\($0.institutionID) \($0.total)" } == ["b 94000000", "a 92500000"])
    var lighter = try scheme("ningyang-2022")
    lighter.nodes[0].weightPPM = 50_000
    lighter.nodes[1].weightPPM = 600_000
    #expect(
      try taian(lighter).map(\.institutionID) == ["a", "b"], "with NPL at 5 % instead of 40 % the larger lender leads")
  }

  @Test func `Ningyang: a negative increment scores nothing whatever the place`() throws {
    let before = try [
      fact("a", "taian.loans", "2021", 1000), fact("a", "taian.inclusive-loans", "2021", 100),
      fact("b", "taian.loans", "2021", 1000), fact("b", "taian.inclusive-loans", "2021", 100),
    ]
    let rows = try matrix(
      "taian-2023", "2022",
      [
        "taian.loans": ["a": 999, "b": 998], "taian.inclusive-loans": ["a": 100, "b": 99],
        "taian.npl": ["a": 0, "b": 0],
      ]
    ).rows(try scheme("ningyang-2022"), extra: before)
    // a leads in the increment with −1: nothing; its inclusive increment of exactly 0 is not negative: full marks.
    #expect(rows.map { "\($0.institutionID) \($0.total)" } == ["a 60000000", "b 40000000"])
  }

  @Test func `Xintai: 128.6 granted on 118.9 signed is 108 %, and is kept`() throws {
    let hundredMillion: Int64 = 10_000_000_000
    let rows = try matrix(
      "taian-2023", "2022",
      [
        "taian.signed": ["xintai": hundredMillion * 1189 / 10], "taian.granted": ["xintai": hundredMillion * 1286 / 10],
        "taian.in-place": ["xintai": hundredMillion * 10698 / 100],
      ]
    ).rows(try scheme("xintai-projects-2022"))
    // 授信率 108.1581 %, 资金到位率 89.9748 %: the document prints 108 % and 90 %.
    #expect(rows.first?.nodeScores == [108_158_100, 89_974_800])
    #expect(rows.first?.total == 99_070_000)
  }

  @Test func `Qinghai: an adviser who took a fee is outside, one or two firms, late answers cost`() throws {
    let rows = try matrix(
      "qinghai-2022", "2022",
      [
        "qinghai.firms": ["one": 1, "two": 2, "paid": 2, "none": 0],
        "qinghai.visits": ["one": 12, "two": 6, "paid": 12],
        "qinghai.ledgers-due": ["one": 12, "two": 12, "paid": 12, "none": 12],
        "qinghai.ledgers": ["one": 12, "two": 12, "paid": 12, "none": 12],
        "qinghai.questions": ["one": 4, "two": 4, "paid": 4, "none": 1],
        "qinghai.solved": ["one": 4, "two": 3, "paid": 4, "none": 1],
        "qinghai.complaints-late": ["two": 1], "qinghai.fees-charged": ["paid": 1],
      ], type: "adviser"
    ).rows(try scheme("qinghai-advisers-2022"))
    // one: 20 × 60 % + 20 + 20 + 30 + 10 = 92; two: 20 + 10 + 20 + 22.5 + 5 = 77.5; none: 0 + 0 + 20 + 30 + 10 = 60.
    #expect(
      rows.map { "\($0.institutionID) \($0.rank) \($0.total)" } == [
        "one 1 92000000", "two 2 77500000", "none 3 60000000", "paid 0 0",
      ])
    #expect(rows.last?.outsideReason == "gate free-of-charge")
  }

  @Test func `Qinghai: excellent advisers give points up to the cap and lift nobody above the line below 60`() throws {
    let rows = try matrix(
      "qinghai-2022", "2022",
      [
        "qinghai.appraisal": ["many": 88, "few": 88, "low": 59].mapValues(Given.points),
        "adviser.excellent": ["many": 7, "few": 1, "low": 5],
      ]
    ).rows(try scheme("qinghai-institutions-2022"))
    #expect(
      rows.map { "\($0.institutionID) \($0.total / 1_000_000) \($0.grade)" } == [
        "many 93 优秀", "few 89 良好", "low 64 不合格",
      ])
  }

  @Test func `Yantai: targets of the platform, first loans, guarantees and renewals`() throws {
    let rows = try matrix(
      "yantai-2023", "2023",
      [
        "yantai.platform-credit": ["a": 300, "b": 400], "yantai.platform-task": ["a": 300, "b": 300],
        "yantai.first-loan-firms": ["a": 35, "b": 70], "yantai.first-loan-task": ["a": 70, "b": 70],
        "yantai.guaranteed": ["a": 175, "b": 0], "yantai.guarantee-task": ["a": 175, "b": 175],
        "yantai.renewals": ["a": 350, "b": 175], "yantai.renewal-task": ["a": 350, "b": 350],
        "yantai.inclusive-loans": ["a": 10, "b": 10],
      ], firstYears: ["b": 2023], and: [("c", 2022)]
    ).rows(try scheme("yantai-2023"))
    // a: 30 + 15 + 20 + 20 = 85. b's first year is 2023: outside, although it would score 70. c submitted nothing: 0.
    #expect(rows.map { "\($0.institutionID) \($0.rank) \($0.total)" } == ["a 1 85000000", "c 2 0", "b 0 0"])
    #expect(rows.last?.outsideReason == "first year of business (2023)")
  }
}
