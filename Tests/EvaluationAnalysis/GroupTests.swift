import Testing

@testable import EvaluationAnalysis

@Suite("Groups") struct GroupTests {
  private func list(_ scores: [Double], higherIsBetter: Bool = true) throws -> ScoredList {
    try ScoredList(
      label: "", alternatives: scores.indices.map { "a\($0)" }, scores: scores, higherIsBetter: higherIsBetter)
  }

  @Test func `a group has its quartiles, its mean place and its best`() throws {
    let found = try GroupComparison(
      try list([10, 20, 30, 40, 5, 50, 50, 1]), groups: ["x", "x", "x", "x", "y", "y", "z", "z"])
    #expect(found.groups.map(\.name) == ["y", "x", "z"])
    let x = found.groups[1]
    #expect([x.mean, x.lowerQuartile, x.median, x.upperQuartile] == [25, 17.5, 25, 32.5])
    #expect(x.meanRank == 4.5 && x.bestRank == 3 && x.bestAlternative == "a3" && x.count == 4)
    // Both firsts are within the first quarter of eight, the third is not.
    #expect(found.groups.map(\.firstQuarterCount) == [1, 0, 1])
  }

  @Test func `Kruskal and Wallis by hand`() throws {
    // Ranks 1, 2, 3 and 4, 5, 6: H = 12 ÷ 42 × (36 ÷ 3 + 225 ÷ 3) − 21 = 3.857…
    let found = try GroupComparison(try list([1, 2, 3, 4, 5, 6]), groups: ["a", "a", "a", "b", "b", "b"])
    let test = try #require(found.test)
    let statistic = 27.0 / 7
    #expect((test.statistic - statistic).magnitude < 1e-12)
    #expect(test.degreesOfFreedom == 1)
    #expect((test.pValue - 0.049534613435626706).magnitude < 1e-12)
    // Means 2 and 5 around 3.5: 13.5 of 17.5.
    let (share, expected) = (try #require(found.betweenShare), 13.5 / 17.5)
    #expect((share - expected).magnitude < 1e-12)
  }

  @Test func `the tail of chi-squared is that of the tables`() {
    for (x, degrees, tail) in [
      (3.841458820694124, 1, 0.05), (5.991464547107979, 2, 0.05), (7.814727903251179, 3, 0.05),
      (18.307038053275146, 10, 0.05), (24.995790139728616, 15, 0.05), (123.2252214533618, 99, 0.05),
    ] {
      #expect((ChiSquared.tail(x, degreesOfFreedom: degrees) - tail).magnitude < 1e-12, "\(degrees)")
    }
    #expect(ChiSquared.tail(0, degreesOfFreedom: 5) == 1)
    #expect(ChiSquared.tail(5_000, degreesOfFreedom: 99) == 0)
  }

  @Test func `where nothing differs there is nothing to test`() throws {
    let equal = try GroupComparison(try list([7, 7, 7, 7]), groups: ["a", "a", "b", "b"])
    #expect(equal.test == nil && equal.betweenShare == nil)
    #expect(equal.groups.map(\.meanRank) == [2.5, 2.5])
    let alone = try GroupComparison(try list([1, 2]), groups: ["a", "a"])
    #expect(alone.test == nil && alone.betweenShare == 0)
    let single = try GroupComparison(try list([3]), groups: [""])
    #expect(single.test == nil && single.groups[0].median == 3)
  }

  @Test func `lower can be better, and no sum overflows`() throws {
    let found = try GroupComparison(
      try list([1e100, -1e100, 1e100], higherIsBetter: false), groups: ["a", "b", "a"])
    #expect(found.groups[0].name == "b" && found.groups[0].bestRank == 1)
    #expect(found.betweenShare == 1)
  }

  @Test func `bounds are named`() throws {
    let scores = try list((0..<101).map(Double.init))
    #expect(refusal { _ = try GroupComparison(scores, groups: ["a"]) } == "INVALID_ARGUMENT groups")
    #expect(
      refusal { _ = try GroupComparison(scores, groups: (0..<101).map { "\($0)" }) } == "BATCH_TOO_LARGE groups")
    let long = String(repeating: "x", count: 257)
    #expect(
      refusal { _ = try GroupComparison(scores, groups: ["a", long] + [String](repeating: "a", count: 99)) }
        == "INVALID_ARGUMENT groups[1]")
  }
}
