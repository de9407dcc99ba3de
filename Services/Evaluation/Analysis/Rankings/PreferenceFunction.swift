import Kernel

/// How a difference d between two alternatives becomes a preference of 0 to 1 (Brans and Vincke 1985), with one
/// threshold per criterion where the shape has one.
package struct PreferenceFunction: Sendable, Hashable {
  package enum Shape: Sendable, Hashable {
    /// 1 when d > 0.
    case usual
    /// 1 when d > q.
    case uShape
    /// d ÷ p up to p, then 1.
    case vShape
    /// ½ when q < d ≤ p, 1 beyond p.
    case level
    /// (d − q) ÷ (p − q) between q and p, then 1.
    case linear
  }
  package let shape: Shape
  package let q: [Double]
  package let p: [Double]

  package init(_ shape: Shape, q: [Double] = [], p: [Double] = []) {
    self.shape = shape
    self.q = q
    self.p = p
  }

  func validate(criteria: Int) throws(DomainError) {
    let (needsQ, needsP) = needs
    try check(q, needed: needsQ, criteria: criteria, "q")
    try check(p, needed: needsP, criteria: criteria, "p")
    guard needsP else { return }
    for index in p.indices {
      let least = needsQ ? q[index] : 0
      guard p[index] > least else { throw .invalid("p[\(index)]", "must be above \(least), not \(p[index])") }
    }
  }

  private var needs: (q: Bool, p: Bool) {
    switch shape {
    case .usual: (false, false)
    case .uShape: (true, false)
    case .vShape: (false, true)
    case .level, .linear: (true, true)
    }
  }

  private func check(_ values: [Double], needed: Bool, criteria: Int, _ field: String) throws(DomainError) {
    let wanted = needed ? criteria : 0
    guard values.count == wanted else {
      throw .invalid(field, "this shape takes \(wanted) thresholds, not \(values.count)")
    }
    for (index, value) in values.enumerated() {
      try Bounds.number(value, in: 0...DecisionMatrix.maximumMagnitude, "\(field)[\(index)]")
    }
  }

  func without(criterion index: Int) -> PreferenceFunction {
    func rest(_ values: [Double]) -> [Double] { values.enumerated().filter { $0.offset != index }.map(\.element) }
    return PreferenceFunction(shape, q: rest(q), p: rest(p))
  }
}
