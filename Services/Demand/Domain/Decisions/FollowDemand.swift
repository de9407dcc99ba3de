package import Kernel

/// A receiver of the push says that it has the demand.
package struct AcknowledgeDemand: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// A regulator acknowledges for the region it stands for; an institution for itself.
  /// - Throws: `OUT_OF_SCOPE` for one that it was not pushed to, `STATE_CONFLICT` for a second acknowledgement.
  func decide(_ demand: Demand, caller: Caller) throws(DomainError) -> [DemandEvent] {
    let receiver =
      caller.role == .regulator
      ? PushTarget.regulatorPrefix + caller.regionPrefix
      : try ActingInstitution.resolve(institution, caller: caller)
    guard let target = demand.targets.first(where: { $0.organisation == receiver }) else {
      throw DomainError(
        .outOfScope, "demands/\(demand.id) was not pushed to \(receiver)", metadata: ["organisation": receiver])
    }
    guard target.acknowledgedAt == nil else {
      throw DomainError(
        .stateConflict, "\(receiver) has acknowledged demands/\(demand.id) before", metadata: ["organisation": receiver]
      )
    }
    return [.acknowledged(organisation: receiver)]
  }
}

/// The claimant has spoken with the firm: its contact clock stops.
package struct RecordContact: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `ALREADY_CLAIMED`, `STATE_CONFLICT` for a second first talk.
  func decide(_ demand: Demand, caller: Caller) throws(DomainError) -> [DemandEvent] {
    let institution = try ActingInstitution.requireClaimant(institution, of: demand, caller: caller)
    guard demand.handling.contactedAt == nil else {
      throw DomainError(.stateConflict, "\(institution) has spoken with the firm of demands/\(demand.id) before")
    }
    return [.contacted(institution: institution)]
  }
}

/// The firm owes an answer or a document: clocks stand still.
package struct PauseDemand: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `STATE_CONFLICT` while they stand, `ALREADY_CLAIMED` for an institution that is not the claimant,
  ///   `LIMIT_EXCEEDED`.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    try requireClaimantIfInstitution(institution, demand, caller)
    guard !demand.handling.isPaused else {
      throw DomainError(.stateConflict, "the clocks of demands/\(demand.id) stand still already")
    }
    guard demand.handling.pauses.count < Handling.maximumPauses else {
      throw DomainError(.limitExceeded, "a demand has at most \(Handling.maximumPauses) pauses")
    }
    return [.paused(Pause(from: try now.shanghaiDate(), to: nil, reason: reason))]
  }
}

/// Clocks go on.
package struct ResumeDemand: Sendable, Hashable {
  package var demand: String
  package var institution: String
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`.
  package init(demand: String, institution: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.institution = institution
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `STATE_CONFLICT` while they run, `ALREADY_CLAIMED` for an institution that is not the claimant,
  ///   `INVALID_DATE` for a clock of the caller's that runs backwards.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    try requireClaimantIfInstitution(institution, demand, caller)
    guard var pause = demand.handling.pauses.last, pause.to == nil else {
      throw DomainError(.stateConflict, "the clocks of demands/\(demand.id) do not stand still")
    }
    let today = try now.shanghaiDate()
    guard today >= pause.from else {
      throw DomainError(.invalidDate, "clocks stand still from \(pause.from) and cannot go on before")
    }
    pause.to = today
    return [.resumed(pause)]
  }
}

/// - Throws: `ALREADY_CLAIMED`, `STATE_CONFLICT`.
private func requireClaimantIfInstitution(
  _ named: String, _ demand: Demand, _ caller: Caller
) throws(DomainError) {
  if caller.role == .institution { _ = try ActingInstitution.requireClaimant(named, of: demand, caller: caller) }
}

/// A note of somebody who works on the demand; searched together with its purpose.
package struct NoteDemand: Sendable, Hashable {
  package var demand: String
  package var text: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, text: String) throws(DomainError) {
    self.demand = demand
    self.text = try Texts.required(text, "text", maximum: Texts.maximumReason)
  }

  /// - Throws: `OUT_OF_SCOPE` for an institution it was not pushed to, `LIMIT_EXCEEDED`.
  func decide(_ demand: Demand, caller: Caller, now: Instant) throws(DomainError) -> [DemandEvent] {
    if caller.role == .institution { try requireReached(caller.organisation, demand) }
    guard demand.handling.notes.count < Handling.maximumNotes else {
      throw DomainError(.limitExceeded, "a demand has at most \(Handling.maximumNotes) notes")
    }
    return [.noted(DemandNote(text: text, actor: caller.organisation, role: caller.role, at: now))]
  }
}

/// A closed demand is opened again: the close-out no longer holds.
package struct ReopenDemand: Sendable, Hashable {
  package var demand: String
  package var reason: String

  /// - Throws: `REQUIRED_FIELD_MISSING`, `INVALID_ARGUMENT`.
  package init(demand: String, reason: String) throws(DomainError) {
    self.demand = demand
    self.reason = try Texts.required(reason, "reason", maximum: Texts.maximumReason)
  }

  func decide(_ demand: Demand) throws(DomainError) -> [DemandEvent] {
    guard let closeOut = demand.closeOut else {
      throw DomainError(.stateConflict, "demands/\(demand.id) has no close-out")
    }
    return [.reopened(closeOut)]
  }
}
