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
    case enterprise(id: String, EnterpriseProfile)
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
    case .enterprise(let id, let profile):
      let sees = caller.role == .enterprise ? id == caller.organisation : profile.region.lies(in: caller.regionPrefix)
      return sees ? self : nil
    case .demand(let event, let from, let after):
      guard let demand = try? DemandScope.view(after, for: caller) else { return nil }
      guard let event = event.view(of: after, for: caller) else { return nil }
      var copy = self
      copy.content = .demand(event, from: from, after: demand)
      return copy
    }
  }
}

extension DemandEvent {
  /// For an institution: its own events in full, a competitor's claim and refusal by name, its terms not at all.
  fileprivate func view(of demand: Demand, for caller: Caller) -> DemandEvent? {
    guard caller.role == .institution else { return self }
    let own = demand.claim?.institution == caller.organisation
    switch self {
    case .pushed(var push):
      push.targets.removeAll { $0.kind == .institution && $0.organisation != caller.organisation }
      return .pushed(push)
    case .declined(var decline, let othersLeft):
      if decline.institution != caller.organisation { decline.reason = "" }
      return .declined(decline, othersLeft: othersLeft)
    case .offered, .signed, .disbursed, .closed: return own ? self : nil
    case .submitted, .assessed, .claimed, .withdrawn, .expired: return self
    }
  }
}
