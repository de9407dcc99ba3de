/// A condition in the one form indexes know: a single bound, a set of values, a list of prefixes or of words, the latter two
/// with a sign. An atom on an unknown fact does not hold, whatever its sign.
package enum Atom: Hashable, Sendable {
  /// value ≥ bound
  case low(OrderedAttribute, Int64)
  /// value ≤ bound
  case high(OrderedAttribute, Int64)
  case choice(ChoiceAttribute, UInt64)
  case code(CodeAttribute, [String], holds: Bool)
  case words(SetAttribute, [String], holds: Bool)
}

/// Eligibility in negation normal form: negations are pushed into the atoms, everything else is "at least k of these".
/// Because an undecided atom counts as not holding and gates are monotone, the formula is true exactly when the tree is
/// certainly met.
package indirect enum Formula: Hashable, Sendable {
  case atom(Atom)
  /// At least `required` of the members hold: 0 is always true, more than there are is never true.
  case gate(required: Int, [Formula])

  package static let always = Formula.gate(required: 0, [])
  package static let never = Formula.gate(required: 1, [])

  package init(_ predicate: Predicate, negated: Bool = false) {
    switch predicate {
    case .condition(let condition): self = Self.make(condition, negated: negated)
    case .negated(let member): self = Formula(member, negated: !negated)
    case .allOf(let members): self = Self.gate(members.count, members, negated)
    case .anyOf(let members): self = Self.gate(1, members, negated)
    case .atLeast(let required, let members): self = Self.gate(required, members, negated)
    }
  }

  /// Not "at least k of n" is "at least n − k + 1 of n do not".
  private static func gate(_ required: Int, _ members: [Predicate], _ negated: Bool) -> Formula {
    .gate(required: negated ? members.count - required + 1 : required, members.map { Formula($0, negated: negated) })
  }

  private static func make(_ condition: Condition, negated: Bool) -> Formula {
    switch condition {
    case .range(let attribute, let range): return make(attribute, range, negated: negated)
    case .oneOf(let attribute, let mask):
      let effective = negated ? ~mask & attribute.domain : mask
      return effective == 0 ? .never : .atom(.choice(attribute, effective))
    case .within(let attribute, let prefixes):
      return .atom(.code(attribute, prefixes.map(attribute.canonical), holds: !negated))
    case .hasAny(let attribute, let words): return .atom(.words(attribute, words, holds: !negated))
    }
  }

  private static func make(_ attribute: OrderedAttribute, _ range: IntegerRange, negated: Bool) -> Formula {
    var parts: [Formula] = []
    if let min = range.min {
      switch (negated, range.minExclusive) {
      case (false, false): parts.append(.atom(.low(attribute, min)))
      case (false, true): parts.append(min == .max ? .never : .atom(.low(attribute, min + 1)))
      case (true, false): parts.append(min == .min ? .never : .atom(.high(attribute, min - 1)))
      case (true, true): parts.append(.atom(.high(attribute, min)))
      }
    }
    if let max = range.max {
      switch (negated, range.maxExclusive) {
      case (false, false): parts.append(.atom(.high(attribute, max)))
      case (false, true): parts.append(max == .min ? .never : .atom(.high(attribute, max - 1)))
      case (true, false): parts.append(max == .max ? .never : .atom(.low(attribute, max + 1)))
      case (true, true): parts.append(.atom(.low(attribute, max)))
      }
    }
    return parts.count == 1 ? parts[0] : .gate(required: negated ? 1 : parts.count, parts)
  }

  /// Splits a conjunction into the atoms that must all hold and what is left of it. Nested conjunctions are opened.
  package func split() -> (atoms: [Atom], rest: [Formula]) {
    var atoms: [Atom] = []
    var rest: [Formula] = []
    var open = [self]
    while let next = open.popLast() {
      switch next {
      case .atom(let atom): atoms.append(atom)
      case .gate(let required, _) where required <= 0: break
      case .gate(let required, let members) where required == members.count: open.append(contentsOf: members.reversed())
      case .gate: rest.append(next)
      }
    }
    return (atoms, rest)
  }
}
