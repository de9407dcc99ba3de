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
    ("zibo-2020-h1", "zibo-2020"), ("cbirc-2020", "cbirc-2020"),
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
      #expect(try back == proto(file))
    }
  }

  private func matrix(
    _ dictionary: String, _ period: String, _ values: [String: [String: Int64]], groups: [String: String] = [:],
    firstYears: [String: Int] = [:]
  ) throws -> Matrix {
    let ids = Set(values.values.flatMap(\.keys)).sorted()
    return Matrix(
      indicators: try indicators(dictionary),
      institutions: ids.map {
        Given.institution($0, group: groups[$0] ?? "city", firstYear: firstYears[$0] ?? 0)
      }, period: period, values: values)
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
}
