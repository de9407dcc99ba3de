extension RankingMethod {
  /// VIKOR (Opricovic and Tzeng 2004): S the sum and R the largest of the weighted shortfalls (best − v) ÷ (best −
  /// worst), Q = v·(S − S*) ÷ (S⁻ − S*) + (1 − v)·(R − R*) ÷ (R⁻ − R*); lower is better.
  ///
  /// A constant criterion has no shortfall. Where all S (or all R) are equal their part of Q is 0.
  func vikor(_ matrix: DecisionMatrix, _ weights: CriterionWeights, v: Double) -> RankingOutcome {
    var group = [Double](repeating: 0, count: matrix.rows)
    var regret = group
    for index in 0..<matrix.columns {
      let column = matrix.column(index)
      guard let low = column.min(), let high = column.max(), high > low else { continue }
      let best = matrix.criteria[index].direction == .higherIsBetter ? high : low
      for (row, value) in column.enumerated() {
        let shortfall = weights.values[index] * ((best - value).magnitude / (high - low))
        group[row] += shortfall
        regret[row] = max(regret[row], shortfall)
      }
    }
    let groupPart = Normalisation.range(group)
    let regretPart = Normalisation.range(regret)
    let scores = group.indices.map { v * groupPart[$0] + (1 - v) * regretPart[$0] }
    return RankingOutcome(
      scores: scores, higherIsBetter: false,
      details: .vikor(group: group, regret: regret, compromise: Self.compromise(scores, group, regret)))
  }

  /// The first by Q alone when it leads by at least 1 ÷ (n − 1) and is also first by S or by R; the first two when only
  /// the second condition fails; otherwise all that are less than 1 ÷ (n − 1) behind.
  private static func compromise(_ scores: [Double], _ group: [Double], _ regret: [Double]) -> [Int] {
    let order = scores.indices.sorted {
      (scores[$0], group[$0], regret[$0], $0) < (scores[$1], group[$1], regret[$1], $1)
    }
    guard let first = order.first, order.count > 1 else { return order }
    let advantage = 1 / Double(order.count - 1)
    if scores[order[1]] - scores[first] < advantage {
      return order.filter { scores[$0] - scores[first] < advantage }
    }
    let isStable = group[first] == group.min() || regret[first] == regret.min()
    return isStable ? [first] : [first, order[1]]
  }
}

extension Normalisation {
  /// (v − min) ÷ (max − min); zeros when all are equal.
  static func range(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max(), high > low else { return values.map { _ in 0 } }
    return values.map { ($0 - low) / (high - low) }
  }
}
