/// One condition that does not hold.
package struct FailedCondition: Hashable, Sendable {
  /// Field of the product, or path into its eligibility.
  package let path: String
  /// What is asked for, in words.
  package let required: String
  /// What the firm has; empty when unknown.
  package let actual: String
  /// By how much it is missed in the attribute's unit; `nil` when unknown or not a matter of degree.
  package let shortfall: Int64?
  package let unknown: Bool
}

/// Why an offer does not fit, and what would make it fit.
package struct Refusal: Sendable {
  package let offer: Offer
  package let failed: [FailedCondition]
  package let change: SmallestChange
}

/// Explains refusals. Slower than matching by design: it walks one product's tree.
package enum Explanation {
  /// `nil` when the offer fits.
  package static func refusal(_ offer: Offer, _ profile: Profile) -> Refusal? {
    var failed: [FailedCondition] = []
    for implied in offer.implied where NaiveEvaluator.verdict(implied.condition, profile) != .met {
      failed.append(describe(implied.condition, path: implied.path, negated: false, profile))
    }
    if let eligibility = offer.terms.eligibility {
      collect(eligibility, path: "eligibility", negated: false, profile, &failed)
    }
    if failed.isEmpty { return nil }
    return Refusal(offer: offer, failed: failed, change: SmallestChange.search(offer, profile))
  }

  /// Adds the conditions below a node that keep it from holding (or, under a negation, from not holding).
  private static func collect(
    _ predicate: Predicate, path: String, negated: Bool, _ profile: Profile, _ failed: inout [FailedCondition]
  ) {
    let verdict = NaiveEvaluator.verdict(predicate, profile)
    if (negated ? verdict.negated : verdict) == .met { return }
    func descend(_ members: [Predicate], _ name: String) {
      for (index, member) in members.enumerated() {
        collect(member, path: "\(path).\(name).members[\(index)]", negated: negated, profile, &failed)
      }
    }
    switch predicate {
    case .condition(let condition):
      failed.append(
        describe(condition, path: "\(path).condition.\(condition.attributeKey)", negated: negated, profile))
    case .negated(let member):
      collect(member, path: "\(path).negated", negated: !negated, profile, &failed)
    case .allOf(let members): descend(members, "all_of")
    case .anyOf(let members): descend(members, "any_of")
    case .atLeast(_, let members): descend(members, "at_least")
    }
  }

  private static func describe(
    _ condition: Condition, path: String, negated: Bool, _ profile: Profile
  ) -> FailedCondition {
    let actual = actualText(condition, profile)
    return FailedCondition(
      path: path, required: negated ? "not (\(condition.text))" : condition.text, actual: actual ?? "",
      shortfall: shortfall(condition, negated: negated, profile), unknown: actual == nil)
  }

  /// What the firm has; `nil` when unknown.
  private static func actualText(_ condition: Condition, _ profile: Profile) -> String? {
    switch condition {
    case .range(let attribute, _): profile[attribute].map(attribute.text)
    case .oneOf(let attribute, _): profile[attribute] == 0 ? nil : attribute.text(profile[attribute])
    case .within(let attribute, _): profile[attribute]
    case .hasAny(let attribute, let words):
      profile[attribute].intersection(words).sorted().joined(separator: ", ")
    }
  }

  private static func shortfall(_ condition: Condition, negated: Bool, _ profile: Profile) -> Int64? {
    guard case .range(let attribute, let range) = condition, let value = profile[attribute] else { return nil }
    func distance(_ a: Int64, _ b: Int64) -> Int64? {
      let (difference, overflow) = a.subtractingReportingOverflow(b)
      return overflow ? nil : difference
    }
    if !negated {
      if let lowest = range.lowest, value < lowest { return distance(lowest, value) }
      if let highest = range.highest, value > highest { return distance(value, highest) }
      return nil
    }
    // Inside a range that must be left: the nearer way out.
    let up = range.highest.flatMap { distance($0, value) }.flatMap { $0 == .max ? nil : $0 + 1 }
    let down = range.lowest.flatMap { distance(value, $0) }.flatMap { $0 == .max ? nil : $0 + 1 }
    return [up, down].compactMap(\.self).min()
  }
}

extension Condition {
  /// Key of the attribute it is about.
  package var attributeKey: String {
    switch self {
    case .range(let attribute, _): attribute.key
    case .oneOf(let attribute, _): attribute.key
    case .within(let attribute, _): attribute.key
    case .hasAny(let attribute, _): attribute.key
    }
  }
}
