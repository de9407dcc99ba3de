import Kernel

/// One end of a range and whether it belongs to it.
package struct PolicyEdge: Sendable, Hashable {
  package var value: Int64
  package var inclusive: Bool
}

/// A range of whole numbers (counts, minor units, ppm); a missing edge is open. The edges are kept as the document
/// states them and never turned into each other, so "500 万元以上" stays an exclusive 500.
package struct PolicyRange: Sendable, Hashable {
  package var lower: PolicyEdge?
  package var upper: PolicyEdge?

  package init(lower: PolicyEdge? = nil, upper: PolicyEdge? = nil) {
    self.lower = lower
    self.upper = upper
  }

  package func contains(_ value: Int64) -> Bool {
    if let lower, lower.inclusive ? value < lower.value : value <= lower.value { return false }
    if let upper, upper.inclusive ? value > upper.value : value >= upper.value { return false }
    return true
  }

  /// Whether no number at all, whole or not, lies inside.
  var isEmpty: Bool {
    guard let lower, let upper else { return false }
    return lower.value > upper.value || (lower.value == upper.value && !(lower.inclusive && upper.inclusive))
  }

  func intersection(_ other: PolicyRange) -> PolicyRange {
    PolicyRange(lower: Self.tighter(lower, other.lower, >), upper: Self.tighter(upper, other.upper, <))
  }

  /// Whether the other range begins exactly where this one ends: nothing between them and nothing in both.
  func meets(_ next: PolicyRange) -> Bool {
    guard let upper, let lower = next.lower else { return false }
    return upper.value == lower.value && upper.inclusive != lower.inclusive
  }

  private static func tighter(
    _ left: PolicyEdge?, _ right: PolicyEdge?, _ beats: (Int64, Int64) -> Bool
  ) -> PolicyEdge? {
    guard let left else { return right }
    guard let right else { return left }
    if left.value == right.value { return left.inclusive ? right : left }
    return beats(left.value, right.value) ? left : right
  }
}

/// What a rule demands of one attribute.
enum PolicyCondition: Sendable, Hashable {
  case flag(Bool)
  case choice([String])
  case gradeAtLeast(Grade)
  case money(PolicyRange, Currency)

  /// - Throws: `CURRENCY_MISMATCH` when an amount is in another currency than the rule's.
  func holds(for fact: PolicyAttributes.Fact) throws(DomainError) -> Bool {
    switch (self, fact) {
    case (.flag(let wanted), .flag(let given)): return wanted == given
    case (.choice(let allowed), .choice(let given)): return allowed.contains(given)
    case (.gradeAtLeast(let least), .grade(let given)): return given >= least
    case (.money(let range, let currency), .money(let given)):
      guard given.currency == currency else {
        throw DomainError(.currencyMismatch, "the rule is stated in \(currency), the amount in \(given.currency)")
      }
      return range.contains(given.minorUnits)
    default: return false
    }
  }

  /// Whether some fact satisfies both.
  func overlaps(_ other: PolicyCondition) -> Bool {
    switch (self, other) {
    case (.flag(let left), .flag(let right)): left == right
    case (.choice(let left), .choice(let right)): left.contains { right.contains($0) }
    case (.gradeAtLeast, .gradeAtLeast): true
    case (.money(let left, let one), .money(let right, let two)): one != two || !left.intersection(right).isEmpty
    default: false
    }
  }
}
