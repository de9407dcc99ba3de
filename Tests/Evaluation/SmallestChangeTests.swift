import EvaluationDomain
import Kernel
import Testing

@Suite("What would move an institution up, and why two scores differ") struct SmallestChangeTests {
  private func matrix(_ values: [String: [String: Int64]], lower: Set<String> = []) -> Matrix {
    Matrix(
      indicators: values.keys.sorted().map {
        Given.indicator($0, .count, lower.contains($0) ? .lowerIsBetter : .higherIsBetter)
      }, institutions: ["a", "b", "c", "d"].map { Given.institution($0) }, values: values)
  }

  private func evaluation(_ matrix: Matrix, _ scheme: Scheme, extra: [InputFact] = []) throws -> Evaluation {
    try ScoringEngine.evaluate(try matrix.input(scheme, extra: extra))
  }

  private func change(
    _ evaluation: Evaluation, _ id: String, _ indicator: String, places: Int = 1
  ) throws -> SmallestChange {
    try #require(try evaluation.smallestChanges(for: id, indicatorID: indicator, places: places).changes.first)
  }

  /// Every smaller change, tried by changing the fact itself.
  private func expectSmallest(
    _ change: SmallestChange, _ matrix: Matrix, _ scheme: Scheme, of id: String, places: Int = 1
  ) throws {
    let before = try #require(try matrix.row(id, scheme)?.rank)
    var changed = matrix
    changed.values[change.indicatorID]?[id] = change.neededValue
    let after = try #require(try changed.row(id, scheme))
    #expect(after.rank <= before - places)
    #expect(after.rank == change.rank)
    #expect(after.total == change.total)
    let sign: Int64 = change.change > 0 ? 1 : -1
    for distance in 1..<max(1, change.change.magnitude) {
      changed.values[change.indicatorID]?[id] = change.value + sign * Int64(distance)
      #expect(try #require(try changed.row(id, scheme)).rank > before - places, "\(change) at \(distance)")
    }
  }

  @Test(arguments: [
    ScoringFunction.ratioToLeader, .minMax, .percentile, .peerMeanGate,
    .rankSteps(.init(step: Given.points(5), floor: 0, incrementID: nil)),
    .attainment(.init(target: .fixed(200), thresholdPPM: 100_000, cap: nil, floor: nil)),
    .zScore(.init(center: Given.points(60), perSigma: Given.points(15))),
    .tieredBands([
      .init(lowerBound: nil, inclusive: false, points: 0),
      .init(lowerBound: 30, inclusive: true, points: Given.points(70)),
      .init(lowerBound: 61, inclusive: false, points: Given.points(90)),
    ]),
  ])
  func `the change found is the smallest, by trying every smaller one`(function: ScoringFunction) throws {
    let data = matrix(
      ["volume": ["a": 160, "b": 90, "c": 37, "d": 12], "steady": ["a": 10, "b": 20, "c": 30, "d": 40]])
    let scheme = Given.scheme(
      [Given.leaf("volume", "volume", 600_000, function), Given.leaf("steady", "steady", 400_000, .ratioToLeader)])
    let computed = try evaluation(data, scheme)
    for row in computed.tables[0].rows where row.rank > 1 {
      for indicator in ["volume", "steady"] {
        let found = try change(computed, row.institutionID, indicator)
        if found.isFound {
          #expect(found.isProvenSmallest)
          try expectSmallest(found, data, scheme, of: row.institutionID)
        } else {
          #expect(!found.reason.isEmpty)
        }
      }
    }
  }

  @Test func `less is better goes down, and never below zero for what is counted`() throws {
    let data = matrix(["loss": ["a": 1, "b": 8, "c": 20, "d": 50]], lower: ["loss"])
    let scheme = Given.scheme([Given.leaf("loss", "loss", .minMax)])
    let found = try change(try evaluation(data, scheme), "c", "loss", places: 2)
    #expect(found.change == -19, "a tie with the first shares its place")
    try expectSmallest(found, data, scheme, of: "c", places: 2)
    var zero = data
    zero.values["loss"] = ["a": 0, "b": 0, "c": 0, "d": 0]
    #expect(try change(try evaluation(zero, scheme), "b", "loss").reason == "already first", "all share it")
  }

  @Test func `a change of a base value reaches what derives from it`() throws {
    let loans = Given.indicator("loans", aggregation: .last)
    let growth = Given.indicator("growth", .ppm, source: .derived(.growth(base: "loans", windowYears: 0)))
    let data = Matrix(
      indicators: [loans, growth], institutions: ["a", "b"].map { Given.institution($0) },
      values: ["loans": ["a": 130, "b": 110]])
    let before = try ["a", "b"].map {
      InputFact(institutionID: $0, indicatorID: "loans", period: try Period("2022"), value: 100, version: 1)
    }
    let scheme = Given.scheme([Given.leaf("growth", "growth", .ratioToLeader)])
    let computed = try evaluation(data, scheme, extra: before)
    let found = try change(computed, "b", "loans")
    #expect(found.value == 110)
    #expect(found.change == 20, "130 of 100 grows as a does")
    #expect(found.isProvenSmallest)
    #expect(try change(computed, "b", "growth").change == 200_000, "the derived value itself, in ppm")
    #expect(try change(computed, "a", "growth").reason == "already first")
    let error = #expect(throws: DomainError.self) { try change(computed, "a", "unknown") }
    #expect(error?.field == "indicator_id")
  }

  @Test func `differences add up leaf by leaf, across institutions and runs, gates and bonuses included`() throws {
    var data = matrix(
      [
        "volume": ["a": 97, "b": 31, "c": 37, "d": 12], "steady": ["a": 11, "b": 20, "c": 30, "d": 7],
        "extra": ["a": 3, "b": 9, "c": 1, "d": 0],
      ])
    var scheme = Given.scheme(
      [
        Given.dimension(
          "size", 700_001,
          [Given.leaf("volume", "volume", 333_333, .ratioToLeader), Given.leaf("steady", "steady", 666_667, .minMax)]),
        Given.leaf("other", "steady", 299_999, .percentile),
      ], decimals: 3)
    scheme.bonuses = [
      Bonus(
        id: "extra", titleZH: "加分", titleEN: "Extra", indicatorID: "extra",
        function: .perEvent(.init(base: 0, perEvent: Given.points(2), floor: nil, cap: nil)), cap: Given.points(10),
        missing: .zeroPoints)
    ]
    scheme.bonusCap = Given.points(8)
    scheme.gates = [
      Gate(
        id: "small", titleZH: "门槛", titleEN: "Gate", indicatorID: "volume", comparison: .less, bound: 20,
        effect: .zeroNode(path: "size"))
    ]
    let first = try evaluation(data, scheme)
    data.values["steady"]?["a"] = 29
    let second = try evaluation(data, scheme)
    for (left, right, other) in [("a", "b", first), ("b", "d", first), ("a", "a", second), ("c", "a", second)] {
      let comparison = try first.compare(left, with: right, in: other)
      #expect(comparison.leaves.map(\.contribution).reduce(comparison.remainder, +) == comparison.difference)
      #expect(comparison.leaves.map(\.path) == ["size/volume", "size/steady", "other", "bonus/extra"])
    }
    let gated = try first.compare("d", with: "d", in: second)
    #expect(gated.difference == 0)
    let own = try first.compare("a", with: "a", in: second)
    #expect(own.leaves[0].contribution == 0)
    #expect(own.leaves[1].contribution < 0)
    #expect(own.remainder.magnitude <= 1000, "only the rounding to three decimals")
    let capped = try first.compare("b", with: "a", in: first)
    #expect(capped.leaves[3].contribution == Given.points(4), "10 and 6 points")
    #expect((capped.remainder + Given.points(2)).magnitude <= 1000, "of which the cap on all bonuses takes 2")
  }
}
