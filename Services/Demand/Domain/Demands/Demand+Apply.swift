import Kernel

extension DemandEvent {
  /// The state a demand has right after the event.
  package func state(after demand: Demand?) -> DemandState {
    switch self {
    case .escalated, .planned, .invited, .joined, .left, .jointOffered, .jointSigned, .acknowledged, .contacted,
      .paused, .resumed, .clockMissed, .noted, .documentAttached, .taken, .tendered:
      demand?.state ?? .submitted
    case .awarded: .signed
    case .jointDisbursed, .reopened: .disbursed
    case .submitted: .submitted
    case .assessed(let assessment, _): assessment.verdict == .hard ? .hard : .assessed
    case .pushed: .pushed
    case .claimed: .claimed
    case .offered: .offered
    case .signed: .signed
    case .disbursed: .disbursed
    case .closed: .closed
    case .declined(_, let othersLeft): othersLeft ? .pushed : .declined
    case .withdrawn: .withdrawn
    case .expired: .expired
    }
  }
}

extension Demand {
  /// The demand after an event. Total: what an event says has been decided, so nothing is checked again.
  package static func applying(_ event: DemandEvent, _ context: EventContext, to demand: Demand?) -> Demand? {
    guard var next = event.submission ?? demand else { return nil }
    next.state = event.state(after: demand)
    next.reached.insert(next.state)
    next.updatedAt = context.at
    next.policyDigest = context.policyDigest
    next.revision = (demand?.revision ?? 0) + 1
    next.take(event, context)
    return next
  }

  private mutating func take(_ event: DemandEvent, _ context: EventContext) {
    switch event {
    case .submitted: break
    case .assessed(let assessment, let profile):
      self.assessment = assessment
      self.profile = profile
    case .pushed(let push):
      pushMode = push.mode
      targets += push.targets
      handling.pushedAt = context.at
      if push.secondLook { handling.secondLooks += 1 }
    case .claimed(let institution):
      claim = Claim(institution: institution, at: context.at)
      handling.contactedAt = nil
      handling.decidedAt = nil
      setTarget(institution, .claimed, at: context.at)
    case .offered(let offer):
      self.offer = offer
      if handling.decidedAt == nil { handling.decidedAt = context.at }
    case .signed(let contract): self.contract = contract
    case .disbursed(let disbursement): disbursements.append(disbursement)
    case .closed(let closeOut): self.closeOut = closeOut
    case .declined(let decline, _):
      declines.append(decline)
      setTarget(decline.institution, .declined, at: context.at)
      claim = nil
      offer = nil
      contract = nil
      handling.takers.removeAll { $0.institution == decline.institution }
      // The joint credit was the claimant's.
      handling.members = []
      handling.contactedAt = nil
      handling.decidedAt = nil
    case .taken(let institution):
      takeUp(institution, at: context.at)
      setTarget(institution, .claimed, at: context.at)
    case .tendered(let offer, _): tender(offer)
    case .awarded(let institution, let contract):
      for other in award(institution, contract) { setTarget(other, .pushed, at: context.at) }
    case .withdrawn, .expired: endReason = context.reason
    case .reopened: closeOut = nil
    case .acknowledged(let organisation):
      if let index = targets.firstIndex(where: { $0.organisation == organisation }) {
        targets[index].acknowledgedAt = context.at
      }
    case .escalated, .planned, .invited, .joined, .left, .jointOffered, .jointSigned, .jointDisbursed, .contacted,
      .paused, .resumed, .clockMissed, .noted, .documentAttached:
      takeHandling(event, context)
    }
  }

  private mutating func takeHandling(_ event: DemandEvent, _ context: EventContext) {
    switch event {
    case .escalated(let escalation):
      handling.level = escalation.to
      handling.escalations.append(escalation)
    case .planned(let plan): handling.plan = plan
    case .invited(let member):
      handling.members.removeAll { $0.institution == member.institution }
      handling.members.append(member)
      addTarget(member.institution, at: context.at)
    case .joined(let institution): change(institution) { $0.state = .joined }
    case .left(let decline):
      declines.append(decline)
      change(decline.institution) {
        $0.state = .left
        $0.offer = nil
      }
      setTarget(decline.institution, .declined, at: context.at)
    case .jointOffered(let offer): change(offer.institution) { $0.offer = offer }
    case .jointSigned(let institution, let contract): change(institution) { $0.contract = contract }
    case .jointDisbursed(let institution, let disbursement):
      change(institution) { $0.disbursements.append(disbursement) }
    case .contacted: handling.contactedAt = context.at
    case .paused(let pause): handling.pauses.append(pause)
    case .resumed(let pause):
      if !handling.pauses.isEmpty { handling.pauses[handling.pauses.count - 1] = pause }
    case .clockMissed(let missed): handling.missed.append(missed)
    case .noted(let note): handling.notes.append(note)
    case .documentAttached(let document): handling.documents.append(document)
    case .submitted, .assessed, .pushed, .claimed, .offered, .signed, .disbursed, .closed, .declined, .withdrawn,
      .expired, .acknowledged, .reopened, .taken, .tendered, .awarded:
      break
    }
  }

  private mutating func change(_ institution: String, _ body: (inout JointMember) -> Void) {
    if let index = handling.member(institution) { body(&handling.members[index]) }
  }

  /// A member sees the demand as a target does.
  private mutating func addTarget(_ institution: String, at instant: Instant) {
    if target(of: institution) != nil { return }
    targets.append(
      PushTarget(
        kind: .institution, organisation: institution, product: "", score: .zero, state: .pushed, pushedAt: instant))
  }

  /// An open push reaches institutions that were not named; acting makes them targets.
  private mutating func setTarget(_ institution: String, _ state: TargetState, at instant: Instant) {
    if let index = targets.firstIndex(where: { $0.kind == .institution && $0.organisation == institution }) {
      targets[index].state = state
    } else {
      targets.append(
        PushTarget(
          kind: .institution, organisation: institution, product: "", score: .zero, state: state, pushedAt: instant))
    }
  }
}

extension DemandEvent {
  fileprivate var submission: Demand? {
    if case .submitted(let demand) = self { demand } else { nil }
  }
}
