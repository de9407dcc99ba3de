import EvaluationRatings
import EvaluationRatingsAPI
import Foundation
import Kernel
import TestProgram
import Testing

@Suite("Fitting of scorecards") struct FittingTests {
  @Test func `weight of evidence is the logarithm of the shares' ratio`() {
    // ln((30/90) ÷ (1/10)) = ln(10/3)
    #expect(WeightOfEvidence.micro(goods: 30, bads: 1, allGoods: 90, allBads: 10) == 1_203_973)
    // One outcome only: both counts plus a half, ln((10.5/90) ÷ (0.5/10)).
    #expect(WeightOfEvidence.micro(goods: 10, bads: 0, allGoods: 90, allBads: 10) == 847_298)
    #expect(WeightOfEvidence.micro(goods: 0, bads: 0, allGoods: 90, allBads: 10) == 0)
    #expect(WeightOfEvidence.informationValueMicro([(50, 5), (50, 5)]) == 0)
  }

  @Test func `a saturated model gives the log odds themselves`() throws {
    // One dummy: 3 of 4 good without, 1 of 4 good with it.
    let rows: [[Double]] = Array(repeating: [0], count: 4) + Array(repeating: [1], count: 4)
    let outcomes = [true, true, true, false, true, false, false, false]
    let beta = try LogisticRegression.fit(rows, outcomes)
    #expect(abs(beta[0] - 1.0986122886681098) < 1e-12)
    #expect(abs(beta[1] + 2 * 1.0986122886681098) < 1e-12)
  }

  @Test func `what has no maximum is refused`() {
    func refused(_ rows: [[Double]], _ outcomes: [Bool]) -> ErrorReason? {
      domainError { () throws(DomainError) in _ = try LogisticRegression.fit(rows, outcomes) }?.reason
    }
    #expect(refused([[0], [0], [1], [1]], [false, false, true, true]) == .dataRefused)
    #expect(refused([[1, 2], [2, 4], [3, 6], [1, 2]], [false, true, true, true]) == .dataRefused)
    #expect(refused([[1], [2]], [true, true]) == .dataRefused)
    #expect(refused([], []) == .dataRefused)
    #expect(refused([[.nan], [1]], [true, false]) == .dataRefused)
  }

  private func file(_ name: String) throws -> String {
    try String(contentsOf: Given.root.appending(path: "data/scorecards/\(name)"), encoding: .utf8)
  }

  private func sbaBytes() async throws -> [UInt8] {
    try await Program.bytes("/bin/gzip", ["-dc", Given.root.appending(path: "data/sba/sba-7a-loans.csv.gz").path])
  }

  @Test func `fitting the SBA book again gives the committed scorecard and card byte for byte`() async throws {
    let plan = try JSONDecoder().decode(ScorecardPlan.self, from: Data(try file("sba-2005.plan.json").utf8))
    let card = try ScorecardFit.fit(plan, try SBASample.rows(try await sbaBytes()))
    #expect(try ScorecardRequestFile.json(card) == (try file("sba-2005.json")))
    #expect(ModelCardPage.markdown(card) == (try file("sba-2005.md")))
  }

  @Test(
    "a shipped scorecard is valid and says where its choices come from",
    arguments: [
      "sba-2005", "innovation-points", "technology-flow",
    ])
  func shipped(name: String) throws {
    let card = try ScorecardRequestFile.scorecard(json: try file("\(name).json"))
    #expect(card.id == name)
    #expect(!card.card.limits.isEmpty)
    let best = card.constantPoints + card.characteristics.reduce(0) { $0 + $1.bestPoints }
    if card.purpose != .credit { #expect(best == 100, "a points table ends at 100 points") }
    #expect(card.gradeIndex(of: best) == 0, "the best grade can be reached")
  }

  @Test func `points follow from the printed coefficients and weights of evidence`() throws {
    let card = try ScorecardRequestFile.scorecard(json: try file("sba-2005.json"))
    let scaling = try #require(card.scaling)
    let factor = Double(scaling.pointsToDoubleOdds) / log(2.0)
    for characteristic in card.characteristics {
      let coefficient = Double(try #require(characteristic.coefficientMicro)) / 1_000_000
      for bin in characteristic.bins {
        let woe = Double(try #require(bin.woeMicro)) / 1_000_000
        #expect(bin.points == Int64((factor * coefficient * woe).rounded(.toNearestOrAwayFromZero)))
      }
    }
  }

  @Test func `quoted fields, doubled quotes and both line ends are read, a broken quote is refused`() throws {
    let plan = try JSONDecoder().decode(ScorecardPlan.self, from: Data(try file("sba-2005.plan.json").utf8))
    let text = "period,outcome,region,size,amount,sector\r\n2003,good,\"a,\"\"b\"\"\",s,100,44\n2004,,r,s,,\"\"\n"
    let rows = try FitSampleCSV.rows(Array(text.utf8), for: plan)
    #expect(rows.map(\.region) == ["a,\"b\"", "r"])
    #expect(rows[0].values["amount"] == .number(100))
    #expect(rows[0].values["sector"] == .category("44"))
    #expect(rows[1].values == ["amount": .missing, "sector": .missing])
    #expect(rows.map(\.outcome) == [.good, nil])
    for broken in ["period,outcome,region,size\n2003,good,\"a", "period,outcome,region,size\n2003,maybe,a,b"] {
      let error = domainError { () throws(DomainError) in _ = try FitSampleCSV.rows(Array(broken.utf8), for: plan) }
      #expect(error?.reason == .dataRefused)
    }
  }
}
