package import Kernel

/// 可行性快速评判: what the rules made of a demand on a day.
package struct Assessment: Hashable, Sendable {
  /// 1 for the first judgement of the demand.
  package var number: Int64
  package var verdict: Verdict
  package var rules: [RuleResult]
  package var asOf: BusinessDate
  package var policyDigest: String
  package var at: Instant

  package init(
    number: Int64, verdict: Verdict, rules: [RuleResult], asOf: BusinessDate, policyDigest: String, at: Instant
  ) {
    self.number = number
    self.verdict = verdict
    self.rules = rules
    self.asOf = asOf
    self.policyDigest = policyDigest
    self.at = at
  }
}

/// What one rule saw, answered and would need.
package struct RuleResult: Hashable, Sendable {
  /// Stable name, lower-case words joined by hyphens.
  package var rule: String
  package var inputs: [RuleInput]
  package var outcome: RuleOutcome
  /// For a person, in Chinese.
  package var explanation: String
  package var citations: [Citation]
  /// What would change the answer; empty when it passes.
  package var remedies: [Remedy]

  package init(
    rule: String, inputs: [RuleInput], outcome: RuleOutcome, explanation: String, citations: [Citation],
    remedies: [Remedy]
  ) {
    self.rule = rule
    self.inputs = inputs
    self.outcome = outcome
    self.explanation = explanation
    self.citations = citations
    self.remedies = remedies
  }
}

package struct RuleInput: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A change that would turn a rule's answer.
package struct Remedy: Hashable, Sendable {
  /// "demand.amount", "enterprise.platform_grade".
  package var field: String
  package var from: String
  package var to: String
  /// For a person, in Chinese.
  package var explanation: String

  package init(field: String, from: String, to: String, explanation: String) {
    self.field = field
    self.from = from
    self.to = to
    self.explanation = explanation
  }
}
