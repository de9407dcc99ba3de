package import Kernel

/// Trend and season of a series: value ≈ intercept + slope × index + season, indexes counting from 0.
package struct SeriesTrend: Sendable, Hashable {
  package enum Method: Sendable, Hashable {
    /// Least squares with one level per season: the slope that a regression with seasonal dummies has.
    case leastSquares
    /// Median of the slopes between all pairs (Theil and Sen); with seasons, between pairs of the same season (Hirsch).
    /// Up to 29 % of wild values do not move it far.
    case theilSen
  }

  /// 100 years of months.
  package static let maximumLength = 1_200

  /// Change of the level from one index to the next.
  package let slope: Double
  /// Level at index 0.
  package let intercept: Double
  /// One addition per season, from that of index 0; their sum is 0. Empty without seasons.
  package let seasonalIndices: [Double]
  /// τ-b of the values with time, within seasons where there are seasons: how steadily the series moves, −1 to 1; `nil`
  /// when the values are all equal.
  package let steadiness: Double?
  /// intercept + slope × index + season for every index, missing ones too.
  package let fitted: [Double]
  /// Median distance of the present values from the fit.
  package let medianResidual: Double

  /// - Parameters:
  ///   - missing: indexes without a value.
  ///   - season: length of the cycle (12 for months in years); 1 for none.
  /// - Throws: `INVALID_ARGUMENT` naming `values`, `missing_indexes` or `seasonal_period`; `DATA_REFUSED` when no season has
  ///   two values, or a season has none.
  package init(
    _ values: [Double], missing: [Int] = [], season: Int = 1, method: Method
  ) throws(DomainError) {
    if values.isEmpty { throw DomainError(.requiredFieldMissing, "values is required", field: "values") }
    try Bounds.count(values.count, in: 1...Self.maximumLength, "values")
    try Bounds.count(season, in: 1...max(1, values.count / 2), "seasonal_period")
    var present = [Bool](repeating: true, count: values.count)
    for (index, position) in missing.enumerated() {
      guard present.indices.contains(position) else {
        throw .invalid("missing_indexes[\(index)]", "\(position) is not the index of a value")
      }
      present[position] = false
    }
    for (index, value) in values.enumerated() where present[index] {
      try Bounds.finite(value, "values[\(index)]", maximum: DecisionMatrix.maximumMagnitude)
    }
    let cycles = (0..<season).map { phase in
      stride(from: phase, to: values.count, by: season).filter { present[$0] }
    }
    guard cycles.allSatisfy({ !$0.isEmpty }) else {
      throw DomainError(.dataRefused, "a season has no value at all", field: "seasonal_period")
    }
    guard cycles.contains(where: { $0.count > 1 }) else {
      throw DomainError(.dataRefused, "a trend needs two values of one season", field: "values")
    }
    let slope = method == .leastSquares ? Self.leastSquares(values, cycles) : Self.theilSen(values, cycles)
    let levels = cycles.map { cycle in
      let rest = cycle.map { values[$0] - slope * Double($0) }
      return method == .leastSquares ? Self.mean(rest) : Self.median(rest)
    }
    let intercept = Self.mean(levels)
    let indices = season == 1 ? [] : levels.map { $0 - intercept }
    let fitted = values.indices.map { index in
      intercept + slope * Double(index) + (indices.isEmpty ? 0 : indices[index % season])
    }
    self.slope = slope
    self.intercept = intercept
    seasonalIndices = indices
    self.fitted = fitted
    medianResidual = Self.median(values.indices.filter { present[$0] }.map { (values[$0] - fitted[$0]).magnitude })
    steadiness = Self.steadiness(values, cycles)
  }

  private static func leastSquares(_ values: [Double], _ cycles: [[Int]]) -> Double {
    var (product, squares) = (0.0, 0.0)
    for cycle in cycles {
      let centre = mean(cycle.map(Double.init))
      let level = mean(cycle.map { values[$0] })
      for index in cycle {
        let distance = Double(index) - centre
        product += distance * (values[index] - level)
        squares += distance * distance
      }
    }
    return squares > 0 ? product / squares : 0
  }

  private static func theilSen(_ values: [Double], _ cycles: [[Int]]) -> Double {
    var slopes: [Double] = []
    for cycle in cycles {
      for (position, first) in cycle.enumerated() {
        for second in cycle[(position + 1)...] {
          slopes.append((values[second] - values[first]) / Double(second - first))
        }
      }
    }
    return median(slopes)
  }

  /// Concordant less discordant pairs within seasons, with the ties' correction of τ-b.
  private static func steadiness(_ values: [Double], _ cycles: [[Int]]) -> Double? {
    var (difference, untied, all) = (0, 0, 0)
    for cycle in cycles {
      for (position, first) in cycle.enumerated() {
        for second in cycle[(position + 1)...] {
          all += 1
          if values[second] == values[first] { continue }
          untied += 1
          difference += values[second] > values[first] ? 1 : -1
        }
      }
    }
    guard untied > 0 else { return nil }
    return min(1, max(-1, Double(difference) / (Double(untied) * Double(all)).squareRoot()))
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
