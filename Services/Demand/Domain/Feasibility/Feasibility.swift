package import Kernel
package import Policy

/// 可行性快速评判: a list of rules, each asked of the packs as of a day. A new rule is a new file and a line in `rules`.
package enum Feasibility {
  static let rules: [any FeasibilityRule] = [
    PlatformGradeRule(), FirmAmountRule(), FirmSizeRule(), CreditReportsRule(), SplitDemandRule(), GuaranteeFocusRule(),
    BridgeLoanRule(),
  ]

  /// - Throws: `AMOUNT_OVERFLOW`, `CURRENCY_MISMATCH`, `INTERNAL` for a pack whose words the rules do not know.
  package static func judge(_ subject: FeasibilityCase, policy: PolicyBook) throws(DomainError) -> [RuleResult] {
    var results: [RuleResult] = []
    for rule in rules { results.append(try judge(rule, subject, policy)) }
    results.append(coverage(of: results))
    return results
  }

  /// Hard when a rule fails, conditional when one asks for something, feasible otherwise.
  package static func verdict(of results: [RuleResult]) -> Verdict {
    if results.contains(where: { $0.outcome == .fail }) { return .hard }
    if results.contains(where: { $0.outcome == .conditional }) { return .conditional }
    return .feasible
  }

  private static func judge(
    _ rule: any FeasibilityRule, _ subject: FeasibilityCase, _ policy: PolicyBook
  ) throws(DomainError) -> RuleResult {
    guard rule.concerns(subject) else {
      return RuleResult(
        rule: rule.name, inputs: [], outcome: .notApplicable, explanation: "不适用于本需求。", citations: [], remedies: [])
    }
    do {
      return try rule.judge(subject, policy) ?? notStated(rule.name)
    } catch {
      guard error.reason == .policyFactMissing, let attribute = error.metadata["attribute"] else { throw error }
      return RuleResult(
        rule: rule.name, inputs: [RuleInput(attribute, "")], outcome: .conditional,
        explanation: "政策规定取决于“\(attribute)”，该信息尚未提供。", citations: [],
        remedies: [
          Remedy(
            field: attribute == "collateral_kind" ? "demand.collateral_kind" : "enterprise.\(attribute)", from: "",
            to: "(given)", explanation: "补充“\(attribute)”后重新评判。")
        ])
    }
  }

  private static func notStated(_ rule: String) -> RuleResult {
    RuleResult(
      rule: rule, inputs: [], outcome: .notStated, explanation: "现行政策文件未作规定，不予推定。", citations: [], remedies: [])
  }

  /// Packs that say nothing about a demand do not make it feasible: somebody has to look at it.
  private static func coverage(of results: [RuleResult]) -> RuleResult {
    let answered = results.filter { $0.outcome != .notStated && $0.outcome != .notApplicable }.count
    return RuleResult(
      rule: "policy-coverage", inputs: [RuleInput("rules_answered", String(answered))],
      outcome: answered > 0 ? .pass : .conditional,
      explanation: answered > 0 ? "已有 \(answered) 项规则据政策文件作答。" : "没有政策文件就本需求作出规定，须个别研究。",
      citations: results.flatMap(\.citations).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      remedies: answered > 0
        ? [] : [Remedy(field: "policy", from: "not stated", to: "stated", explanation: "由城市政策包补充评判参数。")])
  }
}

/// One rule of the rapid judgement.
protocol FeasibilityRule: Sendable {
  /// Stable; lower-case words joined by hyphens.
  var name: String { get }
  func concerns(_ subject: FeasibilityCase) -> Bool
  /// `nil` when no pack states what the rule needs.
  func judge(_ subject: FeasibilityCase, _ policy: PolicyBook) throws(DomainError) -> RuleResult?
}

extension FeasibilityRule {
  func concerns(_ subject: FeasibilityCase) -> Bool { true }

  func result(
    _ outcome: RuleOutcome, _ explanation: String, inputs: [RuleInput], citations: [Citation],
    remedies: [Remedy] = []
  ) -> RuleResult {
    RuleResult(
      rule: name, inputs: inputs, outcome: outcome, explanation: explanation, citations: citations, remedies: remedies)
  }
}
