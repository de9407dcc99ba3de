package import Kernel
import Policy

/// Records the deadlines that lie before a day and were not met, and sends the demand a level up.
package struct MissClocks: Sendable, Hashable {
  package var demand: String
  package var asOf: BusinessDate

  package init(demand: String, asOf: BusinessDate) {
    self.demand = demand
    self.asOf = asOf
  }

  /// - Throws: `POLICY_CONDITION_FAILED` when nothing is overdue that has not been recorded.
  func decide(_ demand: Demand, policy: PolicyBook, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    let overdue = try DemandClocks.overdue(demand, on: asOf, policy: policy)
    if overdue.isEmpty {
      throw DomainError(
        .policyConditionFailed, "demands/\(demand.id) has no deadline missed before \(asOf)", field: "as_of")
    }
    var events: [DemandEvent] = overdue.map {
      .clockMissed(MissedClock(kind: $0.kind, dueOn: $0.dueOn, institution: $0.institution, at: now))
    }
    if let above = demand.handling.level.above {
      let kinds = overdue.map { $0.kind.chinese }.joined(separator: "、")
      events.append(
        .escalated(
          Escalation(
            from: demand.handling.level, to: above, reason: "\(kinds)超过时限", actor: caller.organisation, at: now)))
    }
    return events
  }
}

extension ClockKind {
  fileprivate var chinese: String {
    switch self {
    case .accept: "受理"
    case .contact: "对接"
    case .decide: "反馈"
    }
  }
}

/// Advances clocks in bulk; running it again for the same day changes nothing.
package struct AdvanceClocks: Sendable, Hashable {
  /// Most demands of one run: one transaction's worth.
  package static let maximumDemands = 1000

  package var asOf: BusinessDate
  package var limit: Int

  /// - Throws: `INVALID_ARGUMENT`.
  package init(asOf: BusinessDate, limit: Int) throws(DomainError) {
    guard (0...Self.maximumDemands).contains(limit) else {
      throw DomainError.invalid("max_demands", "max_demands is 1 to \(Self.maximumDemands), or 0 for that many")
    }
    self.asOf = asOf
    self.limit = limit == 0 ? Self.maximumDemands : limit
  }

  /// A day to come has missed nothing yet, and what is recorded stays.
  /// - Throws: `INVALID_DATE`.
  package func requirePast(_ now: Instant) throws(DomainError) {
    let today = try now.shanghaiDate()
    guard asOf <= today else {
      throw DomainError(.invalidDate, "\(asOf) is after the business day \(today)", field: "as_of")
    }
  }
}

/// What a run of `AdvanceClocks` recorded.
package struct AdvancedClocks: Sendable, Hashable {
  /// Demands and cases with a deadline newly missed, in order.
  package var demands: [String]
  package var cases: [String]
  package var more: Bool

  package init(demands: [String], cases: [String], more: Bool) {
    self.demands = demands
    self.cases = cases
    self.more = more
  }
}
