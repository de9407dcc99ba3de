import EvaluationDomain
import Kernel
import Testing

@Suite("Scores, places and grades") struct EngineTests {
  private let full = ScoringFunction.attainment(.init(target: .fixed(100)))

  private func matrix(_ values: [String: [String: Int64]], groups: [String: String] = [:]) -> Matrix {
    let ids = Set(values.values.flatMap(\.keys)).sorted()
    return Matrix(
      indicators: values.keys.sorted().map { Given.indicator($0) },
      institutions: ids.map { Given.institution($0, group: groups[$0] ?? "bank") }, values: values)
  }

  @Test func `a dimension is the weighted mean of its children, rounded once`() throws {
    let scheme = Given.scheme([
      Given.dimension(
        "scale", 700_000, [Given.leaf("x", "x", 333_333, full), Given.leaf("y", "y", 666_667, full)]),
      Given.leaf("z", "z", 300_000, full),
    ])
    let row = try matrix(["x": ["a": 50], "y": ["a": 80], "z": ["a": 10]]).row("a", scheme)
    // 50 × 0.333333 + 80 × 0.666667 = 70.00001; × 0.7 + 10 × 0.3 = 52.000007
    #expect(row?.nodeScores == [70_000_010, Given.points(50), Given.points(80), Given.points(10)])
    #expect(row?.total == 52_000_007)
  }

  @Test func `a bonus cannot lift a regular score below 60 out of the worst grade`() throws {
    var scheme = Given.scheme([Given.leaf("x", "x", full)])
    scheme.bonuses = [
      Bonus(
        id: "extra", titleZH: "加分", titleEN: "Extra", indicatorID: "bonus",
        function: .perEvent(.init(base: 0, perEvent: Given.points(1))), cap: Given.points(15), missing: .zeroPoints)
    ]
    scheme.bonusCap = Given.points(15)
    scheme.totalFloor = Given.points(-30)
    scheme.totalCap = Given.points(115)
    scheme.grades = [
      GradeBand(grade: "1", lowerBound: Given.points(90), inclusive: true),
      GradeBand(grade: "2", lowerBound: Given.points(75), inclusive: true),
      GradeBand(grade: "3", lowerBound: Given.points(60), inclusive: true),
      GradeBand(grade: "4", lowerBound: nil, inclusive: true),
    ]
    scheme.regularMinimum = Given.points(60)
    let rows = try matrix([
      "x": ["a": 59, "b": 60, "c": 80, "d": 110], "bonus": ["a": 40, "b": 15, "c": 10, "d": 40],
    ]).rows(scheme)
    func row(_ id: String) -> ScoreRow? { rows.first { $0.institutionID == id } }
    #expect(row("a")?.total == Given.points(74))
    #expect(row("a")?.grade == "4")
    #expect(row("b")?.grade == "2", "60 regular and 15 bonus are 75")
    #expect(row("c")?.grade == "1")
    #expect(row("d")?.total == Given.points(115), "the range ends at 115")
  }

  @Test func `ties: standard, dense, and broken by named indicators`() throws {
    let data = matrix(["x": ["a": 90, "b": 80, "c": 80, "d": 70], "npl": ["a": 1, "b": 3, "c": 2, "d": 1]])
    var ranked = data
    ranked.indicators = [Given.indicator("x"), Given.indicator("npl", .count, .lowerIsBetter)]
    let nodes = [Given.leaf("x", "x", full)]
    func places(_ rule: TieRule) throws -> [String] {
      try ranked.rows(Given.scheme(nodes, ties: rule)).map { "\($0.rank)\($0.institutionID)" }
    }
    #expect(try places(.standard) == ["1a", "2b", "2c", "4d"])
    #expect(try places(.dense) == ["1a", "2b", "2c", "3d"])
    #expect(try places(.tieBreakers(["npl"])) == ["1a", "2c", "3b", "4d"])
  }

  @Test func `totals are rounded before they are ranked`() throws {
    let rows = try matrix(["x": ["a": 1, "b": 2]]).rows(
      Given.scheme([Given.leaf("x", "x", .attainment(.init(target: .fixed(1_000_000))))], decimals: 3))
    #expect(rows.map(\.total) == [0, 0])
    #expect(rows.map(\.rank) == [1, 1])
  }

  @Test func `an institution in its first year stays outside and is nobody's peer`() throws {
    var data = matrix(["x": ["a": 10, "b": 20, "new": 1000]])
    data.institutions = [
      Given.institution("a"), Given.institution("b"), Given.institution("new", firstYear: 2023),
    ]
    var scheme = Given.scheme([Given.leaf("x", "x", .ratioToLeader)])
    scheme.excludeFirstYear = true
    let rows = try data.rows(scheme)
    #expect(rows.map(\.institutionID) == ["b", "a", "new"])
    #expect(rows.map(\.rank) == [1, 2, 0])
    #expect(rows[0].total == Given.points(100), "the newcomer's 1000 is not the leader")
    #expect(rows[2].outsideReason == "first year of business (2023)")
    data.period = "2024"
    #expect(try data.rows(scheme).allSatisfy { $0.rank > 0 }, "in its second year it is inside")
  }

  @Test func `peer groups have tables and peers of their own`() throws {
    var scheme = Given.scheme([Given.leaf("x", "x", .ratioToLeader)])
    scheme.tableScope = .peerGroup
    let rows = try matrix(
      ["x": ["a": 100, "b": 50, "c": 4, "d": 1]], groups: ["a": "large", "b": "large", "c": "small", "d": "small"]
    ).rows(scheme)
    #expect(
      rows.map { "\($0.table):\($0.rank)\($0.institutionID)" } == ["large:1a", "large:2b", "small:1c", "small:2d"])
    #expect(rows.map(\.total) == [100, 50, 100, 25].map(Given.points))
  }

  @Test func `gates set a node or everything to zero, force the worst grade, or keep an institution out`() throws {
    let data = matrix([
      "x": ["a": 90, "b": 90, "c": 90, "d": 90], "y": ["a": 80, "b": 80, "c": 80, "d": 80],
      "g": ["a": 0, "b": 1, "c": 2, "d": 3],
    ])
    func gate(_ id: String, _ bound: Int64, _ effect: Gate.Effect) -> Gate {
      Gate(
        id: id, titleZH: id, titleEN: id, indicatorID: "g", comparison: .greaterOrEqual, bound: bound, effect: effect)
    }
    var scheme = Given.scheme([Given.leaf("x", "x", 500_000, full), Given.leaf("y", "y", 500_000, full)])
    scheme.grades = [
      GradeBand(grade: "A", lowerBound: 0, inclusive: true), GradeBand(grade: "B", lowerBound: nil, inclusive: true),
    ]
    scheme.gates = [
      gate("part", 1, .zeroNode(path: "y")), gate("veto", 2, .worstGrade), gate("out", 3, .outsideTable),
    ]
    let rows = try data.rows(scheme)
    #expect(rows.map(\.institutionID) == ["a", "b", "c", "d"])
    #expect(rows.map(\.total) == [85, 45, 45, 0].map(Given.points))
    #expect(rows.map(\.grade) == ["A", "A", "B", ""])
    #expect(rows[3].outsideReason == "gate out")
    scheme.gates = [gate("all", 1, .zeroNode(path: ""))]
    #expect(try data.row("b", scheme)?.total == 0)
  }

  @Test func `a missing value scores zero, keeps out, or refuses the run, as the scheme says`() throws {
    let data = matrix(["x": ["a": 90, "b": 80], "y": ["a": 70]])
    func rows(_ missing: MissingPolicy) throws -> [ScoreRow] {
      try data.rows(
        Given.scheme([
          Given.leaf("x", "x", 500_000, full), Given.leaf("y", "y", 500_000, full, missing: missing),
        ]))
    }
    #expect(try rows(.zeroPoints).map(\.total) == [80, 40].map(Given.points))
    #expect(try rows(.outsideTable).map(\.outsideReason) == ["", "no value of y for 2023"])
    let error = #expect(throws: DomainError.self) { try rows(.refuseRun) }
    #expect(error?.reason == .dataRefused)
    #expect(error?.metadata == ["institution": "b", "indicator": "y"])
  }

  @Test func `a composite weighs its parts: 80 % increment and 20 % growth`() throws {
    let base = Given.indicator("loans", .money(.cny), aggregation: .last)
    let increment = Given.indicator(
      "increment", .money(.cny), source: .derived(.increment(base: "loans", windowYears: 0)))
    let growth = Given.indicator("growth", .ppm, source: .derived(.growth(base: "loans", windowYears: 0)))
    let data = Matrix(
      indicators: [base, increment, growth], institutions: [Given.institution("a"), Given.institution("b")],
      values: ["loans": ["a": 1_200, "b": 150]])
    let before = try [("a", 1_000 as Int64), ("b", 100)].map {
      InputFact(
        institutionID: $0.0, indicatorID: "loans", period: try Period("2022-12"), value: $0.1, version: 1)
    }
    let node = SchemeNode(
      id: "credit", titleZH: "信贷", titleEN: "Credit", weightPPM: 1_000_000,
      content: .leaf(
        indicatorID: nil,
        function: .composite([
          .init(indicatorID: "increment", weightPPM: 800_000, function: .ratioToLeader, missing: .zeroPoints),
          .init(indicatorID: "growth", weightPPM: 200_000, function: .ratioToLeader, missing: .zeroPoints),
        ]), missing: nil))
    let rows = try data.rows(Given.scheme([node]), extra: before)
    // a: increment 200 (leader), growth 20 %; b: increment 50, growth 50 % (leader).
    #expect(rows.map(\.total) == [88, 40].map(Given.points))
    #expect(rows.map(\.institutionID) == ["a", "b"])
  }

  @Test func `every score can be explained down to its facts, and the words agree with the numbers`() throws {
    let data = matrix(["x": ["a": 30, "b": 40]])
    let scheme = Given.scheme([Given.leaf("x", "x", .ratioToLeader)], decimals: 2)
    let explanation = try ScoringEngine.evaluate(try data.input(scheme)).explain("a")
    #expect(explanation.nodes.map(\.formula) == ["100 × 30 ÷ leader 40 = 75"])
    #expect(explanation.nodes[0].inputs[0].sources == ["x[2023] = 30 (v1)"])
    #expect(explanation.nodes[0].peers?.place == 2)
    #expect(
      explanation.steps == ["regular = 75 × 100% = 75", "total = regular + bonus, rounded to 2 decimals = 75"])
    #expect(throws: DomainError.notFound("institutions/zz")) {
      try ScoringEngine.evaluate(try data.input(scheme)).explain("zz")
    }
  }
}
