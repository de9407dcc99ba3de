package import Kernel

/// One entry of the service's log.
package struct LogEntry: Sendable, Hashable {
  package var sequence: Int64
  package var committedAt: Instant
  package var type: String
  /// `demands/…` or `enterprises/…`.
  package var subject: String
  package var hash: [UInt8]
  package var context: EventContext
  package var content: Content

  package enum Content: Sendable, Hashable {
    /// The event, the state before it and the demand right after it, without contact data.
    case demand(DemandEvent, from: DemandState?, after: Demand)
    /// What demands see of the firm right after, and the firm whole; entries of older stores have the first alone.
    case enterprise(id: String, EnterpriseProfile, Enterprise?)
    /// The case right after, with its last step only.
    case matter(Case)
  }

  package init(
    sequence: Int64, committedAt: Instant, type: String, subject: String, hash: [UInt8], context: EventContext,
    content: Content
  ) {
    self.sequence = sequence
    self.committedAt = committedAt
    self.type = type
    self.subject = subject
    self.hash = hash
    self.context = context
    self.content = content
  }

  /// The entry as the caller may see it; `nil` when it may not know of it.
  package func view(for caller: Caller) -> LogEntry? {
    switch content {
    case .matter(let matter): return CaseScope.sees(matter, caller) ? self : nil
    case .enterprise(let id, let profile, _):
      let sees = caller.role == .enterprise ? id == caller.organisation : profile.region.lies(in: caller.regionPrefix)
      return sees ? self : nil
    case .demand(let event, let from, let after):
      guard let demand = try? DemandScope.view(after, for: caller) else { return nil }
      guard let event = event.view(of: demand, for: caller) else { return nil }
      var copy = self
      copy.content = .demand(event, from: from, after: demand)
      return copy
    }
  }
}

extension DemandEvent {
  /// For an institution: its own events in full, a competitor's claim and refusal by name, its terms not at all. For
  /// everybody a judgement as it may be shown.
  fileprivate func view(of demand: Demand, for caller: Caller) -> DemandEvent? {
    if case .assessed(let assessment, let profile) = self {
      return .assessed(DemandScope.view(assessment, of: demand, for: caller), profile)
    }
    if case .submitted = self { return .submitted(demand) }
    guard caller.role == .institution else { return self }
    let own = demand.claim?.institution == caller.organisation
    let member = demand.handling.member(caller.organisation) != nil
    switch self {
    case .invited(let invited): return own || invited.institution == caller.organisation ? self : nil
    case .joined(let institution), .acknowledged(let institution):
      return own || institution == caller.organisation ? self : nil
    case .left(let decline): return own || decline.institution == caller.organisation ? self : nil
    case .jointOffered(let offer): return own || offer.institution == caller.organisation ? self : nil
    case .jointSigned(let institution, _), .jointDisbursed(let institution, _):
      return own || institution == caller.organisation ? self : nil
    case .contacted(let institution), .taken(let institution):
      return institution == caller.organisation ? self : nil
    case .tendered(let offer, _): return offer.institution == caller.organisation ? self : nil
    // The others learn who has it now.
    case .awarded(let institution, _): return own ? self : .claimed(institution: institution)
    case .paused, .resumed: return own || member || demand.claim == nil ? self : nil
    case .clockMissed(let missed): return missed.institution == caller.organisation ? self : nil
    case .noted(let note): return note.actor == caller.organisation ? self : nil
    case .planned: return nil
    case .documentAttached(let document):
      return document.actor == caller.organisation || DemandScope.seesContact(demand, caller) ? self : nil
    case .escalated: return self
    case .pushed(var push):
      push.targets.removeAll { $0.kind == .institution && $0.organisation != caller.organisation }
      return .pushed(push)
    case .declined(var decline, let othersLeft):
      if decline.institution != caller.organisation { decline.reason = "" }
      return .declined(decline, othersLeft: othersLeft)
    case .offered, .signed, .disbursed: return own || member ? self : nil
    case .closed, .reopened: return own ? self : nil
    case .submitted, .assessed, .claimed, .withdrawn, .expired: return self
    }
  }
}
