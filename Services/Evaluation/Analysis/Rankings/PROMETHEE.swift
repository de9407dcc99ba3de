extension RankingMethod {
  /// PROMETHEE II: the net flow φ⁺ − φ⁻, flows being weighted mean preferences over the other alternatives. One
  /// alternative has no others: 0.
  ///
  /// Sorted columns give each sum in O(log n), so n alternatives cost n·log n a criterion and not n².
  func promethee(
    _ matrix: DecisionMatrix, _ weights: CriterionWeights, _ function: PreferenceFunction
  ) -> RankingOutcome {
    let rows = matrix.rows
    var positive = [Double](repeating: 0, count: rows)
    var negative = positive
    if rows > 1 {
      for index in 0..<matrix.columns where weights.values[index] > 0 {
        let oriented =
          matrix.criteria[index].direction == .higherIsBetter
          ? Array(matrix.column(index)) : matrix.column(index).map { -$0 }
        let sorted = SortedColumn(oriented)
        let share = weights.values[index] / Double(rows - 1)
        for row in 0..<rows {
          let value = oriented[row]
          switch function.shape {
          case .usual:
            positive[row] += share * Double(sorted.below(value, by: 0))
            negative[row] += share * Double(sorted.above(value, by: 0))
          case .uShape:
            positive[row] += share * Double(sorted.below(value, by: function.q[index]))
            negative[row] += share * Double(sorted.above(value, by: function.q[index]))
          case .level:
            let (q, p) = (function.q[index], function.p[index])
            positive[row] += share * 0.5 * Double(sorted.below(value, by: q) + sorted.below(value, by: p))
            negative[row] += share * 0.5 * Double(sorted.above(value, by: q) + sorted.above(value, by: p))
          case .vShape:
            positive[row] += share * sorted.rampBelow(value, from: 0, to: function.p[index])
            negative[row] += share * sorted.rampAbove(value, from: 0, to: function.p[index])
          case .linear:
            positive[row] += share * sorted.rampBelow(value, from: function.q[index], to: function.p[index])
            negative[row] += share * sorted.rampAbove(value, from: function.q[index], to: function.p[index])
          }
        }
      }
    }
    return RankingOutcome(
      scores: zip(positive, negative).map(-), higherIsBetter: true,
      details: .flows(positive: positive, negative: negative))
  }
}

/// A column in ascending order with its running sums.
private struct SortedColumn {
  private let values: [Double]
  private let origin: Double
  /// Sum of the first k values, each less `origin`.
  private var sums: [Double] = [0]

  init(_ column: [Double]) {
    values = column.sorted()
    origin = values.first ?? 0
    sums.reserveCapacity(values.count + 1)
    var sum = 0.0
    for value in values {
      sum += value - origin
      sums.append(sum)
    }
  }

  /// How many values v satisfy value − v > margin. Rounded subtraction is monotone, so the answer is exactly that of
  /// comparing one by one.
  func below(_ value: Double, by margin: Double) -> Int {
    partition { value - $0 <= margin }
  }

  /// How many values v satisfy v − value > margin.
  func above(_ value: Double, by margin: Double) -> Int {
    values.count - partition { $0 - value > margin }
  }

  /// Σ of the ramp from 0 at `low` to 1 at `high` over the differences value − v.
  func rampBelow(_ value: Double, from low: Double, to high: Double) -> Double {
    let (full, begun) = (below(value, by: high), below(value, by: low))
    let partial = Double(begun - full) * (value - origin - low) - (sums[begun] - sums[full])
    return Double(full) + min(Double(begun - full), max(0, partial / (high - low)))
  }

  /// Σ of the ramp over the differences v − value.
  func rampAbove(_ value: Double, from low: Double, to high: Double) -> Double {
    let (full, begun) = (above(value, by: high), above(value, by: low))
    let sum = sums[values.count - full] - sums[values.count - begun]
    let partial = sum - Double(begun - full) * (value - origin + low)
    return Double(full) + min(Double(begun - full), max(0, partial / (high - low)))
  }

  /// Index of the first value that satisfies a predicate which holds from some point on.
  private func partition(_ holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(values[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
