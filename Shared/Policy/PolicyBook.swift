package import Kernel

/// The packs a city runs on, in order of precedence: its own decisions first, then its county's and city's documents,
/// then the province's and the nation's, conventions last. A value type without I/O; every question is asked as of a date.
package struct PolicyBook: Sendable {
  /// Highest precedence first.
  package let packs: [PolicyPack]
  /// Lower-case hex over the exact bytes of the packs in order: the hash of the lines `<hex of file>  <name>\n`, which
  /// is what `sha256sum a.yaml b.yaml | sha256sum` prints when the hash is SHA-256.
  package let digest: String

  /// Parameter → its rules in the order they are tried: pack by pack, most specific first.
  private let index: [String: ContiguousArray<Entry>]

  private struct Entry: Sendable {
    /// Position of the pack in `packs`.
    let pack: Int
    let rule: PolicyRule
  }

  init(packs: [PolicyPack], digest: String) {
    self.packs = packs
    self.digest = digest
    var index: [String: ContiguousArray<Entry>] = [:]
    for (position, pack) in packs.enumerated() {
      for rule in pack.rules.sorted(by: { $0.specificity > $1.specificity }) {
        index[rule.parameter, default: []].append(Entry(pack: position, rule: rule))
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
    let (rule, silent) = try governingRule(name, scope: scope, date: date)
    guard let rule else { throw notStated(name, scope: scope, date: date, silent: silent) }
    return try value(of: rule, as: unit)
  }

  /// As `parameter`, but `nil` instead of `POLICY_NOT_STATED`, for rules whose absence has a meaning of its own.
  package func parameterIfStated<Value>(
    _ name: String, as unit: PolicyUnit<Value>, scope: PolicyScope = PolicyScope(), on date: BusinessDate
  ) throws(DomainError) -> PolicyValue<Value>? {
    guard let rule = try governingRule(name, scope: scope, date: date).stated else { return nil }
    return try value(of: rule, as: unit)
  }

  private func value<Value>(
    of rule: PolicyRule, as unit: PolicyUnit<Value>
  ) throws(DomainError) -> PolicyValue<Value> {
    guard let value = unit.extract(rule.value) else {
      throw DomainError(
        .internal, "policy parameter \(rule.parameter) is no \(unit.name): rule \(rule.citation.ruleID)")
    }
    return PolicyValue(
      value: value, inclusive: rule.inclusive, direction: rule.direction, citation: rule.citation)
  }

  /// The first rule that holds and states a value, and the first that holds and is silent.
  private func governingRule(
    _ name: String, scope: PolicyScope, date: BusinessDate
  ) throws(DomainError) -> (stated: PolicyRule?, silent: PolicyRule?) {
    guard let entries = index[name] else { return (nil, nil) }
    var silent: PolicyRule?
    /// The pack that has spoken by being silent; its remaining rules are less specific.
    var passed = -1
    for entry in entries where entry.pack != passed {
      switch try entry.rule.match(scope, on: date) {
      case .fails: continue
      case .needs(let attribute): throw factMissing(attribute, entry.rule, date: date)
      case .holds:
        if entry.rule.isStated { return (entry.rule, silent) }
        silent = silent ?? entry.rule
        passed = entry.pack
      }
    }
    return (nil, silent)
  }

  private func factMissing(_ attribute: PolicyAttribute, _ rule: PolicyRule, date: BusinessDate) -> DomainError {
    DomainError(
      .policyFactMissing,
      "policy parameter \(rule.parameter) depends on \(attribute.rawValue), which was not given "
        + "(rule \(rule.citation.ruleID))",
      metadata: [
        "parameter": rule.parameter, "attribute": attribute.rawValue, "rule": rule.citation.ruleID,
        "date": date.description,
      ])
  }

  private func notStated(
    _ name: String, scope: PolicyScope, date: BusinessDate, silent: PolicyRule?
  ) -> DomainError {
    var metadata = ["parameter": name, "date": date.description, "region": scope.region]
    metadata["product"] = scope.product
    let source = silent?.citation
    metadata["rule"] = source?.ruleID
    let because = source.map { ": \($0.document) \($0.article) is silent (rule \($0.ruleID))" } ?? ""
    return DomainError(
      .policyNotStated, "no policy pack states \(name) on \(date)\(because); give an explicit value",
      metadata: metadata)
  }
}
