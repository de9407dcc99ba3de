import Foundation
package import Kernel

/// Logistic regression by iteratively reweighted least squares (Newton's method on the log-likelihood), without
/// regularisation.
package enum LogisticRegression {
  static let maximumIterations = 100
  /// Largest last step of any coefficient: well inside the micro-units in which coefficients are kept.
  static let tolerance = 1e-11
  /// A coefficient beyond this means that the outcomes are separated and the likelihood has no maximum.
  static let largestCoefficient = 1e3

  /// - Parameter rows: the regressors, all of one length; an intercept is added in front.
  /// - Returns: the intercept, then one coefficient for each regressor.
  /// - Throws: `DATA_REFUSED` when the regressors are collinear, the outcomes separated, or all of one kind.
  package static func fit(_ rows: [[Double]], _ outcomes: [Bool]) throws(DomainError) -> [Double] {
    guard let width = rows.first?.count.advanced(by: 1), rows.count == outcomes.count,
      rows.allSatisfy({ $0.count + 1 == width && $0.allSatisfy(\.isFinite) })
    else { throw DomainError(.dataRefused, "a model needs rows of one length with finite values") }
    guard outcomes.contains(true), outcomes.contains(false) else {
      throw DomainError(.dataRefused, "a model needs firms of both outcomes")
    }
    var beta = [Double](repeating: 0, count: width)
    for _ in 0..<maximumIterations {
      let step = try newtonStep(rows, outcomes, beta)
      for index in beta.indices { beta[index] += step[index] }
      guard beta.allSatisfy({ $0.isFinite && abs($0) < largestCoefficient }) else { break }
      if step.allSatisfy({ abs($0) <= tolerance }) { return beta }
    }
    throw DomainError(.dataRefused, "the model has no finite maximum: some characteristic separates the outcomes")
  }

  private static func newtonStep(
    _ rows: [[Double]], _ outcomes: [Bool], _ beta: [Double]
  ) throws(DomainError) -> [Double] {
    let width = beta.count
    var hessian = SymmetricMatrix(size: width)
    var gradient = [Double](repeating: 0, count: width)
    var full = [Double](repeating: 1, count: width)
    for (row, outcome) in zip(rows, outcomes) {
      var linear = beta[0]
      for index in row.indices {
        full[index + 1] = row[index]
        linear += beta[index + 1] * row[index]
      }
      let probability = 1 / (1 + exp(-linear))
      let residual = (outcome ? 1 : 0) - probability
      let weight = probability * (1 - probability)
      for column in 0..<width {
        gradient[column] += residual * full[column]
        for other in 0...column { hessian[column, other] += weight * full[column] * full[other] }
      }
    }
    return try hessian.solve(gradient)
  }
}

/// The lower triangle of a symmetric matrix, and its solution by Cholesky decomposition.
struct SymmetricMatrix {
  let size: Int
  private var values: [Double]
  /// Pivots below this part of their diagonal element count as zero.
  static let smallestPivot = 1e-12

  init(size: Int) {
    self.size = size
    values = [Double](repeating: 0, count: size * size)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * size + column] }
    set { values[row * size + column] = newValue }
  }

  /// - Throws: `DATA_REFUSED` when the matrix is not positive definite.
  func solve(_ right: [Double]) throws(DomainError) -> [Double] {
    var lower = self
    for column in 0..<size {
      var pivot = self[column, column]
      for inner in 0..<column { pivot -= lower[column, inner] * lower[column, inner] }
      guard pivot > Self.smallestPivot * self[column, column], pivot > 0 else {
        throw DomainError(
          .dataRefused,
          column == 0
            ? "the model has no finite maximum: some characteristic separates the outcomes"
            : "regressor \(column) follows from the others, or separates the outcomes")
      }
      lower[column, column] = pivot.squareRoot()
      for row in (column + 1)..<max(size, column + 1) {
        var sum = self[row, column]
        for inner in 0..<column { sum -= lower[row, inner] * lower[column, inner] }
        lower[row, column] = sum / lower[column, column]
      }
    }
    return lower.backSubstituted(lower.forwardSubstituted(right))
  }

  private func forwardSubstituted(_ right: [Double]) -> [Double] {
    var result = right
    for row in 0..<size {
      for column in 0..<row { result[row] -= self[row, column] * result[column] }
      result[row] /= self[row, row]
    }
    return result
  }

  private func backSubstituted(_ right: [Double]) -> [Double] {
    var result = right
    for row in stride(from: size - 1, through: 0, by: -1) {
      for column in (row + 1)..<max(size, row + 1) { result[row] -= self[column, row] * result[column] }
      result[row] /= self[row, row]
    }
    return result
  }
}
