package import Kernel

/// An institution's refusal; the firm is told why.
package struct DeclineDemand: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  /// Before a claim any institution that the demand was pushed to may decline; after it only the claimant, and the demand
  /// goes back to the others. With nobody left it is declined.
  /// - Throws: `ALREADY_CLAIMED`, `OUT_OF_SCOPE`, `STATE_CONFLICT` when it has declined before.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    if demand.claim != nil, let left = try memberLeaves(demand, caller: caller, now: now) { return left }
    let institution: String
    if demand.claim == nil {
      institution = try ActingInstitution.resolve(self.institution, caller: caller)
      try requireReached(institution, demand)
      // Anybody may decline an open push; the list of who did is bounded like the list of targets.
      guard demand.target(of: institution) != nil || demand.targets.count < PushDemand.maximumCandidates else {
        throw DomainError(.limitExceeded, "a demand has at most \(PushDemand.maximumCandidates) targets")
      }
    } else {
      institution = try ActingInstitution.requireClaimant(self.institution, of: demand, caller: caller)
      if demand.contract != nil, demand.state == .disbursed {
        throw .outOfTurn(demand, institution, "has paid out and cannot decline")
      }
      if demand.handling.members.contains(where: { $0.contract != nil }) {
        throw .outOfTurn(demand, institution, "leads a joint credit in which another has signed")
      }
    }
    let others = demand.institutionTargets.contains { $0.organisation != institution && $0.state == .pushed }
    return [
      .declined(
        Decline(institution: institution, reason: reason, at: now, fromState: demand.state),
        othersLeft: others || demand.pushMode?.reachesRegion == true)
    ]
  }

  /// A member of a joint credit that has not signed leaves it; the demand stays where it is.
  private func memberLeaves(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent]? {
    let institution = try ActingInstitution.resolve(self.institution, caller: caller)
    guard let index = demand.handling.member(institution) else { return nil }
    if demand.handling.members[index].contract != nil {
      throw .outOfTurn(demand, institution, "has signed and cannot leave")
    }
    return [.left(Decline(institution: institution, reason: reason, at: now, fromState: demand.state))]
  }
}
