import EvaluationDomain
import Kernel

/// The book and the scheme of `families/evaluation.py`, made in this process: the result digests must agree.
struct BenchBook {
  static let dimensions = 5
  static let leaves = 8

  let institutions: [Institution]
  let indicators: [Indicator]
  /// By indicator, as the service keeps them.
  var series: [String: IndicatorSeries] = [:]
  let scheme: Scheme
  let scope: RunScope

  init(institutions count: Int, months: Int) throws {
    let now = Instant(microseconds: 0)
    institutions = (0..<count).map {
      Institution(
        id: "bank-\($0)", title: "Bank \($0)", peerGroup: "ranked", regionCode: "370300", type: "bank", firstYear: 0,
        createTime: now)
    }.sorted { $0.id < $1.id }
    indicators = (0..<Self.dimensions * Self.leaves).map { index in
      Indicator(
        id: "bench.i\(index)", titleZH: "指标", titleEN: "Indicator \(index)", unit: .money(.cny),
        direction: index % 5 == 0 ? .lowerIsBetter : .higherIsBetter, source: .submitted,
        aggregation: index % 2 == 0 ? .last : .sum, absentIsZero: false, createTime: now)
    }
    scheme = Self.scheme(now)
    scope = RunScope(period: try Period("2019..\(2018 + months / 12)"), peerGroup: "ranked")
    let first = try Period("2019-01").firstMonth
    for (index, indicator) in indicators.enumerated() {
      var series = IndicatorSeries()
      for owner in 0..<count {
        for month in 0..<months {
          let value = (owner * 7_919 + index * 104_729 + month * 1_299_709) % 1_000_003
          guard let period = Period.packed(code: (Int64(first) + Int64(month)) * 10_000 + 1) else { continue }
          series.append(IndicatorSeries.Change(owner: Int64(owner), period: period, value: Int64(value), version: 1))
        }
      }
      self.series[indicator.id] = series
    }
  }

  /// The numbers of the institutions, in the order of their ids.
  var owners: [Int64] { institutions.compactMap { Int64($0.id.dropFirst("bank-".count)) } }

  func input() throws -> RunInput {
    let needs = try RunNeeds(scheme: scheme, period: scope.period) { id in indicators.first { $0.id == id } }
    return RunInput(
      frozen: scheme, scope: scope, policyDigest: "bench", indicators: needs.indicators, institutions: institutions,
      facts: FactColumns(needs: needs, owners: owners) { series[$0.id] })
  }

  private static func scheme(_ now: Instant) -> Scheme {
    let functions: [ScoringFunction] = [
      .ratioToLeader, .minMax, .percentile, .peerMeanGate,
      .zScore(.init(center: 60_000_000, perSigma: 15_000_000)), .rankSteps(.init(step: 100_000, floor: 0)),
      .attainment(.init(target: .fixed(500_000))),
    ]
    let nodes = (0..<dimensions).map { dimension in
      SchemeNode(
        id: "d\(dimension)", titleZH: "维", titleEN: "Dimension \(dimension)", weightPPM: 200_000,
        content: .dimension(
          (0..<leaves).map { leaf in
            let index = dimension * leaves + leaf
            return SchemeNode(
              id: "l\(leaf)", titleZH: "叶", titleEN: "Leaf \(leaf)", weightPPM: 125_000,
              content: .leaf(
                indicatorID: "bench.i\(index)", function: functions[index % functions.count], missing: .zeroPoints))
          }))
    }
    return Scheme(
      id: "bench", version: 1, titleZH: "测试", titleEN: "Bench", nodes: nodes, tableScope: .whole, tieRule: .standard,
      decimals: 4, createTime: now)
  }
}
