package import Kernel
import Policy

/// Asks for a judgement: the first, or again while no institution has the demand.
package struct AssessDemand: Sendable, Hashable {
  package var demand: String
  /// Day as of which the policy is read; `nil` is today.
  package var asOf: BusinessDate?
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, asOf: BusinessDate?, reason: String) throws(DomainError) {
    self.demand = demand
    self.asOf = asOf
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `RESOURCE_NOT_FOUND`, `OUT_OF_SCOPE` for a caller below the level that handles it, `INVALID_DATE`, `AMOUNT_OVERFLOW` and what reading the policy throws.
  func decide(
    _ demand: Demand, situation: DemandSituation, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> [DemandEvent] {
    try HandlingLevels.require(demand, by: caller)
    guard let enterprise = situation.enterprise else { throw .notFound("enterprises/\(demand.enterprise)") }
    let date: BusinessDate
    if let asOf { date = asOf } else { date = try now.shanghaiDate() }
    let profile = enterprise.profile(on: date)
    let rules = try Feasibility.judge(
      FeasibilityCase(
        demand: demand, profile: profile, otherContracts: situation.otherContracts.filter { $0.stands(on: date) },
        otherDemands: situation.earlier, date: date), policy: policy)
    let assessment = Assessment(
      number: (demand.assessment?.number ?? 0) + 1, verdict: Feasibility.verdict(of: rules), rules: rules, asOf: date,
      policyDigest: policy.digest, at: now)
    return [.assessed(assessment, profile)]
  }
}
