import EvaluationDomain
import Kernel

/// Short ways to say a scheme, a dictionary and facts in a test.
enum Given {
  static let now = Instant(microseconds: 1_700_000_000_000_000)
  static func today() throws -> BusinessDate { try BusinessDate(year: 2023, month: 11, day: 15) }

  static func indicator(
    _ id: String, _ unit: IndicatorUnit = .count, _ direction: Direction = .higherIsBetter,
    source: IndicatorSource = .submitted, aggregation: Aggregation = .none, absentIsZero: Bool = false
  ) -> Indicator {
    Indicator(
      id: id, titleZH: "指标 \(id)", titleEN: id, unit: unit, direction: direction, source: source,
      aggregation: aggregation, absentIsZero: absentIsZero, createTime: now)
  }

  static func institution(
    _ id: String, group: String = "bank", region: String = "370300", firstYear: Int = 0
  ) -> Institution {
    Institution(
      id: id, title: id.uppercased(), peerGroup: group, regionCode: region, type: "bank", firstYear: firstYear,
      createTime: now)
  }

  static func leaf(_ id: String, _ indicator: String, _ function: ScoringFunction) -> SchemeNode {
    leaf(id, indicator, 1_000_000, function)
  }

  static func leaf(
    _ id: String, _ indicator: String, _ weight: Int64, _ function: ScoringFunction,
    missing: MissingPolicy = .zeroPoints
  ) -> SchemeNode {
    SchemeNode(
      id: id, titleZH: id, titleEN: id, weightPPM: weight,
      content: .leaf(indicatorID: indicator, function: function, missing: missing))
  }

  static func dimension(_ id: String, _ weight: Int64, _ children: [SchemeNode]) -> SchemeNode {
    SchemeNode(id: id, titleZH: id, titleEN: id, weightPPM: weight, content: .dimension(children))
  }

  static func scheme(_ nodes: [SchemeNode], ties: TieRule = .standard, decimals: Int = 6) -> Scheme {
    Scheme(
      id: "test", version: 1, titleZH: "测试", titleEN: "Test", nodes: nodes, tableScope: .whole, tieRule: ties,
      decimals: decimals, createTime: now)
  }

  static func points(_ text: Int64) -> Int64 { text * 1_000_000 }
}

/// Institutions in columns, indicators in rows: `["deposits": ["a": 5, "b": 7]]` in one period.
struct Matrix {
  var indicators: [Indicator]
  var institutions: [Institution]
  var period = "2023"
  var values: [String: [String: Int64]]

  func dictionary(_ id: String) -> Indicator? { indicators.first { $0.id == id } }

  func facts() throws -> [InputFact] {
    let period = try Period(period)
    return values.flatMap { indicator, row in
      row.map { institution, value in
        InputFact(institutionID: institution, indicatorID: indicator, period: period, value: value, version: 1)
      }
    }
  }

  func input(_ scheme: Scheme, extra: [InputFact] = []) throws -> RunInput {
    try SchemeValidation.validate(scheme, dictionary: dictionary)
    return try RunInput(
      scheme: scheme, scope: RunScope(period: try Period(period)), policyDigest: "test", dictionary: dictionary,
      institutions: institutions, facts: try facts() + extra)
  }

  func rows(_ scheme: Scheme, extra: [InputFact] = []) throws -> [ScoreRow] {
    try ScoringEngine.evaluate(try input(scheme, extra: extra)).tables.flatMap(\.rows)
  }

  func row(_ id: String, _ scheme: Scheme, extra: [InputFact] = []) throws -> ScoreRow? {
    try rows(scheme, extra: extra).first { $0.institutionID == id }
  }
}
