package import Kernel

/// The packs a city runs on, in order of precedence: its own decisions first, then its county's and city's documents,
/// then the province's and the nation's, conventions last. A value type without I/O; every question is asked as of a date.
package struct PolicyBook: Sendable {
  /// Highest precedence first.
  package let packs: [PolicyPack]
  /// Lower-case hex over the exact bytes of the packs in order: the hash of the lines `<hex of file>  <name>\n`, which
  /// is what `sha256sum a.yaml b.yaml | sha256sum` prints when the hash is SHA-256.
  package let digest: String

  /// Parameter → its rules pack by pack, most specific first; packs without one are left out.
  private let index: [String: [[PolicyRule]]]

  init(packs: [PolicyPack], digest: String) {
    self.packs = packs
    self.digest = digest
    var index: [String: [[PolicyRule]]] = [:]
    for pack in packs {
      for (parameter, rules) in Dictionary(grouping: pack.rules, by: \.parameter) {
        index[parameter, default: []].append(rules.sorted { $0.specificity > $1.specificity })
      }
    }
    self.index = index
  }

  /// The value in force for the scope on the date, with its source.
  ///
  /// Packs are asked in order. Within a pack the most specific rule that holds answers (see `PolicyRule.specificity`);
  /// a pack that says "not stated" passes the question on.
  /// - Throws: `POLICY_NOT_STATED` naming the parameter when no pack states it; `POLICY_FACT_MISSING` naming the
  ///   attribute when a rule that would go first depends on a fact the scope does not give; `CURRENCY_MISMATCH`;
  ///   `INTERNAL` when the parameter has another kind than `unit`.
  package func parameter<Value>(
    _ name: String, as unit: PolicyUnit<Value>, scope: PolicyScope = PolicyScope(), on date: BusinessDate
  ) throws(DomainError) -> PolicyValue<Value> {
    var silent: PolicyCitation?
    for rules in index[name] ?? [] {
      guard let rule = try Self.governing(rules, scope: scope, date: date) else { continue }
      if case .notStated = rule.value {
        silent = silent ?? rule.citation
        continue
      }
      guard let value = unit.extract(rule.value) else {
        throw DomainError(.internal, "policy parameter \(name) is no \(unit.name): rule \(rule.citation.ruleID)")
      }
      return PolicyValue(
        value: value, inclusive: rule.inclusive, direction: rule.direction, citation: rule.citation)
    }
    throw notStated(name, scope: scope, date: date, silent: silent)
  }

  /// As `parameter`, but `nil` instead of `POLICY_NOT_STATED`, for rules whose absence has a meaning of its own.
  package func parameterIfStated<Value>(
    _ name: String, as unit: PolicyUnit<Value>, scope: PolicyScope = PolicyScope(), on date: BusinessDate
  ) throws(DomainError) -> PolicyValue<Value>? {
    do {
      return try parameter(name, as: unit, scope: scope, on: date)
    } catch {
      if error.reason == .policyNotStated { return nil }
      throw error
    }
  }

  private static func governing(
    _ rules: [PolicyRule], scope: PolicyScope, date: BusinessDate
  ) throws(DomainError) -> PolicyRule? {
    for rule in rules {
      switch try rule.match(scope, on: date) {
      case .fails: continue
      case .holds: return rule
      case .needs(let attribute):
        throw DomainError(
          .policyFactMissing,
          "policy parameter \(rule.parameter) depends on \(attribute.rawValue), which was not given (rule \(rule.citation.ruleID))",
          metadata: [
            "parameter": rule.parameter, "attribute": attribute.rawValue, "rule": rule.citation.ruleID,
            "date": date.description,
          ])
      }
    }
    return nil
  }

  private func notStated(
    _ name: String, scope: PolicyScope, date: BusinessDate, silent: PolicyCitation?
  ) -> DomainError {
    var metadata = ["parameter": name, "date": date.description, "region": scope.region]
    metadata["product"] = scope.product
    metadata["rule"] = silent?.ruleID
    let because = silent.map { ": \($0.document) \($0.article) is silent (rule \($0.ruleID))" } ?? ""
    return DomainError(
      .policyNotStated, "no policy pack states \(name) on \(date)\(because); give an explicit value",
      metadata: metadata)
  }
}
