/// How a column becomes comparable with others. The result is oriented: higher is better.
package enum Normalisation: Sendable, Hashable, CaseIterable {
  /// (v − min) ÷ (max − min); lower is better: (max − v) ÷ (max − min). A constant column: 0.
  case minMax
  /// v ÷ √Σv²; lower is better: 1 − that. A column of zeros: 0.
  case vector
  /// v ÷ Σ|v|; lower is better: 1 − that. A column of zeros: 0.
  case sum
  /// v ÷ max|v|; lower is better: 1 − that. A column of zeros: 0.
  case maximum
  /// (v − mean) ÷ σ of the population; lower is better: its negative. A constant column: 0.
  case zScore

  /// The column normalised; every number is finite.
  func column(_ index: Int, of matrix: DecisionMatrix) -> [Double] {
    let column = matrix.column(index)
    let lower = matrix.criteria[index].direction == .lowerIsBetter
    switch self {
    case .minMax:
      guard let low = column.min(), let high = column.max(), high > low else { return column.map { _ in 0 } }
      let range = high - low
      return column.map { (lower ? high - $0 : $0 - low) / range }
    case .vector: return Self.shares(column, of: Self.norm(column), lower: lower)
    case .sum: return Self.shares(column, of: column.reduce(0) { $0 + $1.magnitude }, lower: lower)
    case .maximum: return Self.shares(column, of: column.lazy.map(\.magnitude).max() ?? 0, lower: lower)
    case .zScore:
      guard !matrix.isConstant(index) else { return column.map { _ in 0 } }
      let mean = column.reduce(0, +) / Double(column.count)
      let deviation = Self.norm(column.map { $0 - mean }[...]) / Double(column.count).squareRoot()
      guard deviation > 0 else { return column.map { _ in 0 } }
      return column.map { (lower ? mean - $0 : $0 - mean) / deviation }
    }
  }

  /// √Σv², by way of the largest magnitude so that squares neither overflow nor vanish.
  static func norm(_ column: ArraySlice<Double>) -> Double {
    guard let largest = column.lazy.map(\.magnitude).max(), largest > 0 else { return 0 }
    return largest
      * column.reduce(0) { sum, value in
        let scaled = value / largest
        return sum + scaled * scaled
      }.squareRoot()
  }

  private static func shares(_ column: ArraySlice<Double>, of whole: Double, lower: Bool) -> [Double] {
    guard whole > 0 else { return column.map { _ in 0 } }
    return column.map { lower ? 1 - $0 / whole : $0 / whole }
  }
}
