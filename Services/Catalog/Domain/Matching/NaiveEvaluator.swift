/// What a condition says of a firm: met, not met, or undecided because the firm has not told the fact.
package enum Verdict: Int, Sendable {
  case unmet, undecided, met

  var negated: Verdict {
    switch self {
    case .unmet: .met
    case .undecided: .undecided
    case .met: .unmet
    }
  }
}

/// The meaning of eligibility, written down as directly as possible: one product, one firm, the tree walked as it stands, in
/// Kleene's three values. Slow and obvious: the compiled index is held to it, explanations are made by it.
package enum NaiveEvaluator {
  package static func isEligible(_ offer: Offer, _ profile: Profile) -> Bool {
    offer.implied.allSatisfy { verdict($0.condition, profile) == .met }
      && (offer.terms.eligibility.map { verdict($0, profile) } ?? .met) == .met
  }

  package static func verdict(_ predicate: Predicate, _ profile: Profile) -> Verdict {
    switch predicate {
    case .condition(let condition): return verdict(condition, profile)
    case .negated(let member): return verdict(member, profile).negated
    case .allOf(let members): return quorum(members.count, members, profile)
    case .anyOf(let members): return quorum(1, members, profile)
    case .atLeast(let required, let members): return quorum(required, members, profile)
    }
  }

  private static func quorum(_ required: Int, _ members: [Predicate], _ profile: Profile) -> Verdict {
    var met = 0
    var undecided = 0
    for member in members {
      switch verdict(member, profile) {
      case .met: met += 1
      case .undecided: undecided += 1
      case .unmet: break
      }
    }
    return met >= required ? .met : met + undecided >= required ? .undecided : .unmet
  }

  package static func verdict(_ condition: Condition, _ profile: Profile) -> Verdict {
    switch condition {
    case .range(let attribute, let range):
      guard let value = profile[attribute] else { return attribute.absentIsAny ? .met : .undecided }
      return range.contains(value) ? .met : .unmet
    case .oneOf(let attribute, let mask):
      let value = profile[attribute]
      return value == 0 ? .undecided : value & mask != 0 ? .met : .unmet
    case .within(let attribute, let prefixes):
      guard let code = profile[attribute] else { return .undecided }
      return prefixes.contains { code.hasPrefix(attribute.canonical($0)) } ? .met : .unmet
    case .hasAny(let attribute, let words):
      return words.contains { profile[attribute].contains($0) } ? .met : .unmet
    }
  }
}

extension OrderedAttribute {
  /// A need without a tenor accepts any tenor; every other absent number is unknown.
  package var absentIsAny: Bool { self == .tenorDays }
}

extension CodeAttribute {
  /// The canonical form of a prefix that has been validated.
  package func canonical(_ prefix: String) -> String {
    switch self {
    case .region: prefix
    case .industry: (try? IndustryCode.canonical(prefix, field: "industry")) ?? prefix
    }
  }
}
