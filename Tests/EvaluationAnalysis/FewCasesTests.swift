import EvaluationDomain
import Kernel
import Protos
import Testing

@testable import EvaluationAnalysis
@testable import EvaluationAnalysisAPI

@Suite("The luck of few cases") struct FewCasesTests {
  /// Banks with a loss ratio that half of the score rests on; `large` and `tiny` show the same ratio.
  private func evaluation() throws -> Evaluation {
    let now = Instant(microseconds: 1_700_000_000_000_000)
    func indicator(_ id: String, _ unit: IndicatorUnit, _ source: IndicatorSource = .submitted) -> Indicator {
      Indicator(
        id: id, titleZH: id, titleEN: id, unit: unit, direction: id == "loss-ratio" ? .lowerIsBetter : .higherIsBetter,
        source: source, aggregation: id == "loss-ratio" ? .none : .sum, absentIsZero: false, createTime: now)
    }
    let indicators = [
      indicator("loans", .count), indicator("lost", .count), indicator("cases", .count),
      indicator("loss-ratio", .ppm, .derived(.ratio(numerator: "lost", denominator: "loans"))),
    ]
    let scheme = Scheme(
      id: "test", version: 1, titleZH: "测试", titleEN: "Test",
      nodes: [("volume", "loans"), ("loss", "loss-ratio"), ("known", "cases")].map { id, source in
        SchemeNode(
          id: id, titleZH: id, titleEN: id, weightPPM: id == "loss" ? 998_000 : 1_000,
          content: .leaf(indicatorID: source, function: .minMax, missing: .outsideTable))
      }, tableScope: .whole, tieRule: .standard, decimals: 6, createTime: now)
    let banks: [(id: String, group: String, loans: Int64, lost: Int64, cases: Int64)] = [
      ("best", "a", 1_000_000, 1_000, 10_000), ("large", "a", 1_000_000, 100_000, 10_000),
      ("tiny", "b", 1_000_000, 100_000, 3), ("worst", "b", 1_000_000, 200_000, 10_000),
    ]
    let period = try Period("2023")
    let facts = banks.flatMap { bank in
      [("cases", bank.cases), ("loans", bank.loans), ("lost", bank.lost)].map {
        InputFact(institutionID: bank.id, indicatorID: $0.0, period: period, value: $0.1, version: 1)
      }
    }
    let institutions = banks.map {
      Institution(
        id: $0.id, title: $0.id, peerGroup: $0.group, regionCode: $0.group == "a" ? "370302" : "370902", type: "bank",
        createTime: now)
    }
    return try ScoringEngine.evaluate(
      try RunInput(
        scheme: scheme, scope: RunScope(period: period), policyDigest: "test",
        dictionary: { id in indicators.first { $0.id == id } }, institutions: institutions, facts: facts))
  }

  private func table(_ change: (inout Huirong_Evaluation_V1_RunMatrix) -> Void = { _ in }) throws -> RunMatrices.Table {
    var source = Huirong_Evaluation_V1_RunMatrix()
    change(&source)
    return try RunMatrices.Table(try evaluation(), source)
  }

  private let ratio = RedrawnRun.Ratio(indicatorID: "loss-ratio", countIndicatorID: "cases", priorCases: 5)

  @Test func `many cases pin a place down and few leave it open`() async throws {
    let table = try table()
    #expect(table.rows.map(\.institutionID) == ["best", "large", "tiny", "worst"])
    let run = try RedrawnRun(table, ratios: [ratio], samples: 400, seed: 1)
    let tally = try await run.run {}
    let found = (0..<4).map { tally.distribution(of: $0) }
    #expect((0..<4).map { tally.samples(of: $0) } == [400, 400, 400, 400])
    #expect(found[0]?.fifth == 1)
    let tiny = try #require(found[2])
    #expect(tiny.best == 1 && tiny.fifth == 2 && tiny.ninetyFifth == 4, "three cases say next to nothing")
    let large = try #require(found[1])
    #expect(large.ninetyFifth - large.fifth == 1, "only the tiny one moves past it")
    #expect(run.cases(of: 2) == [3])
  }

  @Test func `the number of workers changes nothing, the seed does`() async throws {
    let table = try table()
    func means(_ seed: UInt64, workers: Int) async throws -> [Double?] {
      let tally = try await RedrawnRun(table, ratios: [ratio], samples: 60, seed: seed).run(workers: workers) {}
      return (0..<4).map { tally.distribution(of: $0)?.mean }
    }
    let once = try await means(3, workers: 1)
    #expect(try await means(3, workers: 2) == once)
    #expect(try await means(3, workers: 7) == once)
    #expect(try await means(4, workers: 1) != once)
  }

  @Test func `a limit to a group ranks its members among themselves`() async throws {
    let group = try table { $0.peerGroup = "b" }
    #expect(group.rows.map(\.institutionID) == ["tiny", "worst"])
    #expect(group.rows.map(\.rank) == [1, 2])
    let tally = try await RedrawnRun(group, ratios: [ratio], samples: 50, seed: 1).run {}
    #expect((tally.distribution(of: 0)?.worst ?? 9) <= 2)
    #expect(try table { $0.regionPrefix = "3703" }.rows.map(\.institutionID) == ["best", "large"])
    #expect(try table { $0.institutionType = "bank" }.rows.count == 4)
    #expect(refusal { _ = try table { $0.institutionType = "insurer" } } == "DATA_REFUSED run.table")
    #expect(refusal { _ = try table { $0.table = "other" } } == "INVALID_ARGUMENT run.table")
  }

  @Test func `what cannot be redrawn is named`() throws {
    let table = try table()
    func refused(_ ratios: [RedrawnRun.Ratio], samples: Int = 10) -> String? {
      refusal { _ = try RedrawnRun(table, ratios: ratios, samples: samples, seed: 1) }
    }
    var other = ratio
    other.indicatorID = "loans"
    #expect(refused([other]) == "INVALID_ARGUMENT ratios[0].indicator")
    #expect(refused([ratio, ratio]) == "INVALID_ARGUMENT ratios[1].indicator")
    other = ratio
    other.countIndicatorID = "loss-ratio"
    #expect(refused([other]) == "INVALID_ARGUMENT ratios[0].count_indicator")
    other = ratio
    other.priorCases = 0
    #expect(refused([other]) == "INVALID_ARGUMENT ratios[0].prior_cases")
    #expect(refused([ratio], samples: 1_000_000) == "BATCH_TOO_LARGE samples")
  }

  @Test func `draws have the mean and variance of their beta distribution`() throws {
    // Common ratio (0·3 + 0.5·1) ÷ 4 = 0.125; prior 4: Beta(0.5, 6.5) and Beta(1, 4).
    let posterior = try RatioPosterior([.init(ratio: 0, cases: 3), .init(ratio: 0.5, cases: 1)], priorCases: 4)
    #expect(posterior.commonRatio == 0.125)
    let draws = RatioDraws([posterior], seed: 2)
    let count = 20_000
    var (sums, squares) = ([0.0, 0], [0.0, 0])
    for sample in 0..<count {
      for (index, value) in draws.sample(sample)[0].enumerated() {
        sums[index] += value
        squares[index] += value * value
      }
    }
    for (index, (a, b)) in [(0.5, 6.5), (1.0, 4.0)].enumerated() {
      let mean = sums[index] / Double(count)
      let variance = squares[index] / Double(count) - mean * mean
      let sum: Double = a + b
      let expectedMean: Double = a / sum
      let expectedVariance: Double = expectedMean * (b / sum) / (sum + 1)
      #expect((mean - expectedMean).magnitude < 0.005)
      #expect((variance / expectedVariance - 1).magnitude < 0.08)
    }
  }

  @Test func `where nobody or everybody failed there is nothing to draw`() throws {
    for ratio in [0.0, 1] {
      let posterior = try RatioPosterior([.init(ratio: ratio, cases: 2), .init(ratio: ratio, cases: 0)], priorCases: 1)
      #expect(RatioDraws([posterior], seed: 1).sample(0) == [[ratio, ratio]])
    }
    #expect(
      refusal { _ = try RatioPosterior([.init(ratio: 0, cases: 0)], priorCases: 1) } == "DATA_REFUSED count_indicator")
  }
}
