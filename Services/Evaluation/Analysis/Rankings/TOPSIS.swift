extension RankingMethod {
  /// TOPSIS (Hwang and Yoon 1981) with vector normalisation: closeness = d⁻ ÷ (d⁺ + d⁻), Euclidean distances of the
  /// weighted normalised rows to the best and the worst value of every criterion.
  ///
  /// A column of zeros stays zeros. When ideal and anti-ideal coincide nobody can be told apart: closeness 0.5.
  func topsis(_ matrix: DecisionMatrix, _ weights: CriterionWeights) -> RankingOutcome {
    var toIdeal = [Double](repeating: 0, count: matrix.rows)
    var toAntiIdeal = toIdeal
    for index in 0..<matrix.columns {
      let column = matrix.column(index)
      let norm = Normalisation.norm(column)
      guard norm > 0, !matrix.isConstant(index) else { continue }
      let weighted = column.map { $0 / norm * weights.values[index] }
      var best = weighted.max() ?? 0
      var worst = weighted.min() ?? 0
      if matrix.criteria[index].direction == .lowerIsBetter { swap(&best, &worst) }
      for (row, value) in weighted.enumerated() {
        toIdeal[row] += (value - best) * (value - best)
        toAntiIdeal[row] += (value - worst) * (value - worst)
      }
    }
    for row in toIdeal.indices {
      toIdeal[row] = toIdeal[row].squareRoot()
      toAntiIdeal[row] = toAntiIdeal[row].squareRoot()
    }
    let scores = zip(toIdeal, toAntiIdeal).map { ideal, antiIdeal in
      ideal + antiIdeal > 0 ? antiIdeal / (ideal + antiIdeal) : 0.5
    }
    return RankingOutcome(
      scores: scores, higherIsBetter: true, details: .distances(ideal: toIdeal, antiIdeal: toAntiIdeal))
  }
}
