package import Kernel

/// A method that turns a matrix and weights into scores.
package enum RankingMethod: Sendable, Hashable {
  case weightedSum(Normalisation)
  case topsis
  /// - v: 1 looks at the sum of shortfalls alone, 0 at the worst shortfall alone.
  case vikor(v: Double)
  case promethee(PreferenceFunction)

  /// - Throws: `INVALID_ARGUMENT` naming `v`, `q` or `p`.
  package func validate(criteria: Int) throws(DomainError) {
    switch self {
    case .weightedSum, .topsis: break
    case .vikor(let v): try Bounds.number(v, in: 0...1, "v")
    case .promethee(let function): try function.validate(criteria: criteria)
    }
  }

  /// - Throws: as `validate`.
  package func apply(_ matrix: DecisionMatrix, _ weights: CriterionWeights) throws(DomainError) -> RankingOutcome {
    try validate(criteria: matrix.columns)
    switch self {
    case .weightedSum(let normalisation):
      return RankingOutcome(scores: weightedSum(matrix, weights, normalisation), higherIsBetter: true, details: .none)
    case .topsis: return topsis(matrix, weights)
    case .vikor(let v): return vikor(matrix, weights, v: v)
    case .promethee(let function): return promethee(matrix, weights, function)
    }
  }

  /// The method for the matrix without one criterion.
  func without(criterion index: Int) -> RankingMethod {
    if case .promethee(let function) = self { return .promethee(function.without(criterion: index)) }
    return self
  }

  private func weightedSum(
    _ matrix: DecisionMatrix, _ weights: CriterionWeights, _ normalisation: Normalisation
  ) -> [Double] {
    var scores = [Double](repeating: 0, count: matrix.rows)
    for index in 0..<matrix.columns {
      let column = normalisation.column(index, of: matrix)
      for row in scores.indices { scores[row] += weights.values[index] * column[row] }
    }
    return scores
  }
}

/// Scores in the order of the matrix's alternatives.
package struct RankingOutcome: Sendable, Hashable {
  package enum Details: Sendable, Hashable {
    case none
    /// Distances to the ideal and to the anti-ideal.
    case distances(ideal: [Double], antiIdeal: [Double])
    /// Sum of weighted shortfalls, worst weighted shortfall, and the indexes of the compromise solutions, best first.
    case vikor(group: [Double], regret: [Double], compromise: [Int])
    /// How far each alternative is preferred to the others, and they to it.
    case flows(positive: [Double], negative: [Double])
  }
  package let scores: [Double]
  package let higherIsBetter: Bool
  package let details: Details

  /// Places with 1 the best.
  package func ranks(_ ties: TieMethod, decimals: Int? = nil) -> [Double] {
    let compared = decimals.map { Ranks.rounded(scores, decimals: $0) } ?? scores
    return Ranks.of(compared, higherIsBetter: higherIsBetter, ties: ties)
  }
}
