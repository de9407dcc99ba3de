package import Kernel

/// Weights from pairwise judgements (Saaty's analytic hierarchy process), with how consistent the judgements are.
package struct AnalyticHierarchy: Sendable, Hashable {
  package static let maximumCriteria = 15
  /// Saaty's scale: 1 (equal) to 9 (extremely more important), and their reciprocals.
  package static let largestJudgement = 9.0
  /// Saaty's random indices for 1 to 15 criteria: the mean consistency index of random judgements.
  package static let randomIndices = [
    0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
  ]
  /// Judgements are revised when the ratio is above this.
  package static let acceptableRatio = 0.10

  package let weights: CriterionWeights
  /// λmax of the judgements; the number of criteria when they are consistent.
  package let principalEigenvalue: Double
  /// (λmax − n) ÷ (n − 1); 0 for one criterion.
  package let consistencyIndex: Double
  /// Consistency index ÷ random index; 0 for up to two criteria, whose judgements cannot conflict.
  package let consistencyRatio: Double

  /// Tolerance for a judgement times its reciprocal being 1: a client writes 1 ÷ 3 in binary.
  private static let reciprocalTolerance = 1e-9
  /// The scale of at most 9 bounds each step's contraction (Birkhoff) by tanh(ln(9⁴) ÷ 4) < 0.976, so that rounding is
  /// reached before this many steps whatever the judgements.
  private static let maximumSteps = 3_000
  /// Largest relative change of the last step: well above the jitter of rounding, and with that contraction at most 4·10⁻¹³
  /// from the limit.
  private static let lastChange = 1e-14

  /// - Parameter judgements: row by row, how much more important the row's criterion is than the column's.
  /// - Throws: `INVALID_ARGUMENT` naming `judgements` with the index when the matrix is not square, a judgement lies
  ///   outside 1/9 to 9, or it is not its mirror's reciprocal.
  package init(judgements: [Double], criteria: Int) throws(DomainError) {
    try Bounds.count(criteria, in: 1...Self.maximumCriteria, "criteria")
    guard judgements.count == criteria * criteria else {
      throw .invalid(
        "judgements", "\(criteria) criteria need \(criteria * criteria) judgements, not \(judgements.count)")
    }
    let scale =
      (1 / Self.largestJudgement - Self.reciprocalTolerance)...(Self.largestJudgement + Self.reciprocalTolerance)
    for (index, judgement) in judgements.enumerated() {
      try Bounds.number(judgement, in: scale, "judgements[\(index)]")
      let mirror = judgements[(index % criteria) * criteria + index / criteria]
      guard (judgement * mirror - 1).magnitude <= Self.reciprocalTolerance else {
        throw .invalid("judgements[\(index)]", "\(judgement) is not the reciprocal of its mirror \(mirror)")
      }
    }
    var vector = [Double](repeating: 1 / Double(criteria), count: criteria)
    for _ in 0..<Self.maximumSteps {
      var next = Self.product(judgements, vector)
      let sum = next.reduce(0, +)
      for index in next.indices { next[index] /= sum }
      let change = zip(next, vector).map { (($0 - $1) / $0).magnitude }.max() ?? 0
      vector = next
      if change <= Self.lastChange { break }
    }
    let image = Self.product(judgements, vector)
    let size = Double(criteria)
    let eigenvalue = zip(image, vector).reduce(0) { $0 + $1.0 / $1.1 } / size
    weights = CriterionWeights(normalising: vector)
    principalEigenvalue = max(size, eigenvalue)
    consistencyIndex = criteria > 1 ? (principalEigenvalue - size) / (size - 1) : 0
    let random = Self.randomIndices[criteria - 1]
    consistencyRatio = random > 0 ? consistencyIndex / random : 0
  }

  private static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    vector.indices.map { row in
      var sum = 0.0
      for column in vector.indices { sum += matrix[row * vector.count + column] * vector[column] }
      return sum
    }
  }
}
