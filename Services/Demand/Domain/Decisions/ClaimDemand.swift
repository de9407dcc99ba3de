package import Kernel

/// 认领, or 抢单 when the push was open: exactly one institution wins. In a broadcast several may.
package struct ClaimDemand: Sendable, Hashable {
  package var demand: String
  /// Empty: the caller.
  package var institution: String
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `OUT_OF_SCOPE` when the demand was not pushed to the institution, `STATE_CONFLICT` when it has declined,
  ///   `POLICY_CONDITION_FAILED` after its last day.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    let institution = try ActingInstitution.resolve(institution, caller: caller)
    try requireReached(institution, demand)
    try demand.requireInTime(on: now.shanghaiDate())
    guard demand.pushMode == .broadcast else { return [.claimed(institution: institution)] }
    return [try taken(demand, by: institution)]
  }

  /// A broadcast is taken up by each for itself.
  private func taken(_ demand: Demand, by institution: String) throws(DomainError) -> DemandEvent {
    if demand.handling.taker(institution) != nil {
      throw DomainError(
        .stateConflict, "\(institution) has taken up demands/\(demand.id) before",
        metadata: ["institution": institution])
    }
    guard demand.target(of: institution) != nil || demand.targets.count < PushDemand.maximumCandidates else {
      throw DomainError(.limitExceeded, "a demand has at most \(PushDemand.maximumCandidates) targets")
    }
    return .taken(institution: institution)
  }
}

/// Whether a pushed demand is before an institution.
/// - Throws: `STATE_CONFLICT` when it has declined, `OUT_OF_SCOPE` when it never was.
func requireReached(_ institution: String, _ demand: Demand) throws(DomainError) {
  switch demand.target(of: institution)?.state {
  case .pushed, .claimed: return
  case .declined:
    throw DomainError(
      .stateConflict, "\(institution) has declined demands/\(demand.id)", metadata: ["institution": institution])
  case nil:
    guard demand.pushMode?.reachesRegion == true else {
      throw DomainError(
        .outOfScope, "demands/\(demand.id) was not pushed to \(institution)", metadata: ["institution": institution])
    }
  }
}
