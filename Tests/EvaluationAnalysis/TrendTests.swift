import EvaluationAnalysis
import Testing

@Suite("Trend and season") struct TrendTests {
  @Test func `a straight line with seasons is taken apart exactly`() throws {
    let seasons = [3.0, -1, -2, 0]
    let values = (0..<18).map { 10 + 0.5 * Double($0) + seasons[$0 % 4] }
    for method in [SeriesTrend.Method.leastSquares, .theilSen] {
      let trend = try SeriesTrend(values, season: 4, method: method)
      #expect(isClose([trend.slope, trend.intercept], [0.5, 10], within: 1e-12))
      #expect(isClose(trend.seasonalIndices, seasons, within: 1e-12))
      #expect(isClose(trend.fitted, values, within: 1e-12) && trend.medianResidual < 1e-12)
      #expect(trend.steadiness == 1)
    }
  }

  @Test func `Theil and Sen's median does not follow wild values, and missing ones are left out`() throws {
    var values = (0..<21).map { 2 * Double($0) + 1 }
    values[3] = 500
    values[17] = -900
    values[9] = .nan
    let robust = try SeriesTrend(values, missing: [9], method: .theilSen)
    #expect(isClose([robust.slope, robust.intercept], [2, 1], within: 1e-9))
    #expect(isClose([robust.fitted[9]], [19], within: 1e-9))
    let squares = try SeriesTrend(values, missing: [9], method: .leastSquares)
    #expect((squares.slope - 2).magnitude > 1)
  }

  @Test func `a constant series has no slope and no direction`() throws {
    let trend = try SeriesTrend([4, 4, 4, 4], season: 2, method: .theilSen)
    #expect(trend.slope == 0 && trend.intercept == 4 && trend.seasonalIndices == [0, 0] && trend.steadiness == nil)
  }

  @Test func `a falling series with a rise is less than steady`() throws {
    #expect(try SeriesTrend([4, 3, 2, 1], method: .leastSquares).steadiness == -1)
    // One of six pairs rises: (1 − 5) ÷ 6.
    let steadiness = try SeriesTrend([4, 2, 3, 1], method: .leastSquares).steadiness
    let twoThirds = 4.0 / 6
    #expect(isClose([steadiness ?? 0], [-twoThirds]))
  }

  @Test func `series without enough values are refused by name`() {
    func refused(_ values: [Double], missing: [Int] = [], season: Int = 1) -> String? {
      refusal { _ = try SeriesTrend(values, missing: missing, season: season, method: .theilSen) }
    }
    #expect(refused([]) == "REQUIRED_FIELD_MISSING values")
    #expect(refused([1]) == "DATA_REFUSED values")
    #expect(refused([1, .nan]) == "INVALID_ARGUMENT values[1]")
    #expect(refused([1, 2], missing: [2]) == "INVALID_ARGUMENT missing_indexes[0]")
    #expect(refused([1, 2, 3], season: 2) == "INVALID_ARGUMENT seasonal_period")
    #expect(refused([1, 2, 3, 4], missing: [1, 3], season: 2) == "DATA_REFUSED seasonal_period")
    #expect(refused([1, 2, 3, 4], missing: [1, 2, 3]) == "DATA_REFUSED values")
  }
}
