import Foundation
package import Kernel

extension CriterionWeights {
  /// Shannon entropy weights: with p the shares of a column's sum, the weight is in proportion to 1 + Σ p·ln p ÷ ln n.
  ///
  /// 0·ln 0 is 0. A constant column (also of zeros) has entropy 1 and weight 0. One alternative, or none but constant
  /// columns: equal weights.
  /// - Throws: `INVALID_ARGUMENT` naming the column's criterion when a value is negative: shares are not defined.
  package static func entropy(_ matrix: DecisionMatrix) throws(DomainError) -> CriterionWeights {
    let rows = matrix.rows
    var divergences: [Double] = []
    for (index, criterion) in matrix.criteria.enumerated() {
      let column = matrix.column(index)
      if column.contains(where: { $0 < 0 }) {
        throw .invalid("criteria[\(index)]", "entropy weights need values ≥ 0, and \(criterion.id) has a negative one")
      }
      let sum = column.reduce(0, +)
      guard rows > 1, sum > 0, !matrix.isConstant(index) else {
        divergences.append(0)
        continue
      }
      var entropy = 0.0
      for value in column where value > 0 {
        let share = value / sum
        if share > 0 { entropy -= share * log(share) }
      }
      divergences.append(max(0, 1 - entropy / log(Double(rows))))
    }
    return CriterionWeights(normalising: divergences)
  }
}
