extension CriterionWeights {
  /// From here on two columns count as perfectly correlated; what is left of 1 − r is rounding.
  private static let perfectCorrelation = 1 - 1e-14

  /// CRITIC (Diakoulaki 1995): σⱼ × Σₖ (1 − rⱼₖ) over the min–max columns oriented so that higher is better, σ of the
  /// population, r Pearson's.
  ///
  /// A constant column has weight 0 and takes no part in the others' sums. Columns that tell nothing beyond each other
  /// (all correlations 1, or one column) share the weight equally.
  package static func critic(_ matrix: DecisionMatrix) -> CriterionWeights {
    let varying = (0..<matrix.columns).filter { !matrix.isConstant($0) }
    let columns = varying.map { Normalisation.minMax.column($0, of: matrix) }
    let rows = Double(matrix.rows)
    var deviations: [Double] = []
    let centred = columns.map { column in
      let mean = column.reduce(0, +) / rows
      let centred = column.map { $0 - mean }
      deviations.append((centred.reduce(0) { $0 + $1 * $1 } / rows).squareRoot())
      return centred
    }
    var conflicts = [Double](repeating: 0, count: varying.count)
    for first in varying.indices {
      for second in varying.indices where second > first {
        var product = 0.0
        for row in 0..<matrix.rows { product += centred[first][row] * centred[second][row] }
        let spread = rows * deviations[first] * deviations[second]
        let correlation = spread > 0 ? min(1, max(-1, product / spread)) : 0
        let conflict = correlation > perfectCorrelation ? 0 : 1 - correlation
        conflicts[first] += conflict
        conflicts[second] += conflict
      }
    }
    var amounts = [Double](repeating: 0, count: matrix.columns)
    for (position, index) in varying.enumerated() { amounts[index] = deviations[position] * conflicts[position] }
    if !varying.isEmpty, !amounts.contains(where: { $0 > 0 }) {
      for index in varying { amounts[index] = 1 }
    }
    return CriterionWeights(normalising: amounts)
  }
}
