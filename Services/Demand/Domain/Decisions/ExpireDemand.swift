package import Kernel

/// Ends a demand whose last day is past on a business day.
package struct ExpireDemand: Sendable, Hashable {
  package var demand: String
  package var asOf: BusinessDate
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, asOf: BusinessDate, reason: String) throws(DomainError) {
    self.demand = demand
    self.asOf = asOf
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `POLICY_CONDITION_FAILED` while the demand may still be taken up, `INVALID_DATE` for a day to come.
  func decide(_ demand: Demand, now: Instant) throws(DomainError) -> [DemandEvent] {
    try Self.requirePast(asOf, now: now)
    guard let lastDay = demand.lastDay else {
      throw DomainError(
        .policyConditionFailed, "demands/\(demand.id) has no last day in state \(demand.state.rawValue)")
    }
    guard lastDay < asOf else {
      throw DomainError(
        .policyConditionFailed, "demands/\(demand.id) stands until \(lastDay), which is not before \(asOf)",
        field: "as_of", metadata: ["last_day": lastDay.description])
    }
    return [.expired(lastDay: lastDay, asOf: asOf)]
  }

  /// Nothing ends before its time: what a later day would end still stands today.
  /// - Throws: `INVALID_DATE`.
  package static func requirePast(_ asOf: BusinessDate, now: Instant) throws(DomainError) {
    let today = try now.shanghaiDate()
    guard asOf <= today else {
      throw DomainError(.invalidDate, "as_of \(asOf) lies after today, \(today)", field: "as_of")
    }
  }
}
