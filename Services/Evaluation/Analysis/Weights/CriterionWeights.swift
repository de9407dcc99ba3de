package import Kernel

/// Weights of criteria: none negative, their sum 1.
package struct CriterionWeights: Sendable, Hashable {
  package let values: [Double]

  /// Weights as given, divided by their sum.
  /// - Throws: `INVALID_ARGUMENT` naming `weights` when the count differs from the criteria's, one is negative or not
  ///   finite, or all are 0.
  package init(_ given: [Double], criteria: Int) throws(DomainError) {
    guard given.count == criteria else {
      throw .invalid("weights", "\(criteria) criteria need \(criteria) weights, not \(given.count)")
    }
    for (index, weight) in given.enumerated() {
      try Bounds.finite(weight, "weights[\(index)]")
      if weight < 0 { throw .invalid("weights[\(index)]", "a weight is not negative") }
    }
    guard let largest = given.max(), largest > 0 else { throw .invalid("weights", "at least one weight is above 0") }
    self.init(normalising: given)
  }

  /// Shares of what is informative; equal weights when nothing is.
  /// - Parameter amounts: not negative and finite.
  init(normalising amounts: [Double]) {
    let largest = amounts.max() ?? 0
    // Divided by the largest first: the sum of large or of tiny amounts neither overflows nor vanishes.
    let scaled = largest > 0 ? amounts.map { $0 / largest } : amounts
    let sum = scaled.reduce(0, +)
    values =
      sum > 0
      ? scaled.map { $0 / sum } : [Double](repeating: 1 / Double(max(1, amounts.count)), count: amounts.count)
  }

  package static func equal(_ criteria: Int) -> CriterionWeights {
    CriterionWeights(normalising: [Double](repeating: 1, count: criteria))
  }

  /// The others' weights when one criterion is not asked; equal ones when only it had weight.
  package func without(criterion index: Int) -> CriterionWeights {
    var rest = values
    rest.remove(at: index)
    return CriterionWeights(normalising: rest)
  }
}
