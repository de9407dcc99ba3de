import Kernel

/// What the rules of one pack must satisfy together: no two answer the same question, and parameters that promise to be
/// contiguous have no gap.
struct PackValidator {
  var mistakes: PackMistakes

  mutating func check(_ pack: PolicyPack) {
    let groups = Dictionary(grouping: pack.rules, by: \.parameter)
    for (name, rules) in groups.sorted(by: { $0.key < $1.key }) {
      guard let parameter = PolicyVocabulary.byName[name] else { continue }
      refuseOverlaps(rules)
      if let attribute = parameter.contiguousOver { refuseGaps(rules, over: attribute) }
      if parameter.contiguousInTime { refuseIdleDays(rules) }
    }
  }

  private mutating func refuseOverlaps(_ rules: [PolicyRule]) {
    for (index, rule) in rules.enumerated() {
      for other in rules[..<index] where rule.clashes(with: other) {
        mistakes.add(
          line: rule.line,
          "rule \(rule.citation.ruleID) overlaps rule \(other.citation.ruleID) in line \(other.line): "
            + "same parameter, scope and days")
      }
    }
  }

  /// Rules that differ only in the attribute's range are sorted by it and must adjoin.
  private mutating func refuseGaps(_ rules: [PolicyRule], over attribute: PolicyAttribute) {
    var families: [(key: PolicyRule, ranges: [(range: PolicyRange, rule: PolicyRule)])] = []
    for rule in rules {
      guard case .money(let range, _) = rule.condition(on: attribute) else { continue }
      if let index = families.firstIndex(where: { $0.key.differsOnly(in: attribute, from: rule) }) {
        families[index].ranges.append((range, rule))
      } else {
        families.append((rule, [(range, rule)]))
      }
    }
    for family in families {
      let sorted = family.ranges.sorted { ($0.range.lower?.value ?? .min) < ($1.range.lower?.value ?? .min) }
      for (previous, next) in zip(sorted, sorted.dropFirst())
      where !previous.range.meets(next.range) && previous.range.intersection(next.range).isEmpty {
        mistakes.add(
          line: next.rule.line,
          "gap in \(attribute.rawValue) between rule \(previous.rule.citation.ruleID) and rule "
            + "\(next.rule.citation.ruleID): some amount has no rule")
      }
    }
  }

  private mutating func refuseIdleDays(_ rules: [PolicyRule]) {
    let sorted = rules.sorted { ($0.window.from?.dayNumber ?? .min) < ($1.window.from?.dayNumber ?? .min) }
    for (previous, next) in zip(sorted, sorted.dropFirst()) {
      guard let to = previous.window.to, let from = next.window.from, from.days(since: to) > 1 else { continue }
      mistakes.add(
        line: next.line,
        "gap in time before rule \(next.citation.ruleID): \(previous.citation.ruleID) ends on \(to), this begins on \(from)"
      )
    }
  }
}

extension PolicyRule {
  func condition(on attribute: PolicyAttribute) -> PolicyCondition? {
    conditions.first { $0.attribute == attribute }?.condition
  }

  func differsOnly(in attribute: PolicyAttribute, from other: PolicyRule) -> Bool {
    guard region == other.region, product == other.product, window == other.window,
      conditions.count == other.conditions.count
    else { return false }
    return conditions.allSatisfy { $0.attribute == attribute || other.condition(on: $0.attribute) == $0.condition }
  }
}
