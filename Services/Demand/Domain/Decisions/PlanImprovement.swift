package import Kernel

/// 难投讲清: what the firm has to improve, and when it will be judged again (淄金稳办发〔2023〕11号 二(三)).
package struct PlanImprovement: Sendable, Hashable {
  /// A plan that a firm can follow.
  package static let maximumSteps = 20

  package var demand: String
  package var steps: [ImprovementPlan.Step]
  package var reviewOn: BusinessDate
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `BATCH_TOO_LARGE`, `INVALID_ARGUMENT`, naming the field.
  package init(
    demand: String, steps: [ImprovementPlan.Step], reviewOn: BusinessDate, reason: String
  ) throws(DomainError) {
    if steps.isEmpty { throw DomainError(.requiredFieldMissing, "plan.steps is required", field: "plan.steps") }
    guard steps.count <= Self.maximumSteps else {
      throw DomainError(.batchTooLarge, "a plan has at most \(Self.maximumSteps) steps", field: "plan.steps")
    }
    for (index, step) in steps.enumerated() {
      _ = try Texts.required(step.text, "plan.steps[\(index)].text", maximum: Texts.maximumReason)
    }
    self.demand = demand
    self.steps = steps
    self.reviewOn = reviewOn
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `INVALID_ARGUMENT` for a step of a rule that did not object, `INVALID_DATE` for a review before today,
  ///   `OUT_OF_SCOPE` for a caller below the present level.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    try HandlingLevels.require(demand, by: caller)
    let objections = (demand.assessment?.rules ?? []).filter { $0.outcome == .fail || $0.outcome == .conditional }
    for (index, step) in steps.enumerated() where !objections.contains(where: { $0.rule == step.rule }) {
      throw DomainError.invalid(
        "plan.steps[\(index)].rule",
        "\"\(step.rule.prefix(64))\" is none of the rules that object: \(objections.map(\.rule).joined(separator: ", "))"
      )
    }
    let today = try now.shanghaiDate()
    guard reviewOn >= today else {
      throw DomainError(.invalidDate, "the review on \(reviewOn) lies before today", field: "plan.review_on")
    }
    return [.planned(ImprovementPlan(steps: steps, reviewOn: reviewOn, actor: caller.organisation, at: now))]
  }
}
