import Kernel

extension DemandEvent {
  /// The state a demand has right after the event.
  package func state(after demand: Demand?) -> DemandState {
    switch self {
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
    case .claimed(let institution):
      claim = Claim(institution: institution, at: context.at)
      setTarget(institution, .claimed, at: context.at)
    case .offered(let offer): self.offer = offer
    case .signed(let contract): self.contract = contract
    case .disbursed(let disbursement): disbursements.append(disbursement)
    case .closed(let closeOut): self.closeOut = closeOut
    case .declined(let decline, _):
      declines.append(decline)
      setTarget(decline.institution, .declined, at: context.at)
      claim = nil
      offer = nil
      contract = nil
    case .withdrawn, .expired: endReason = context.reason
    }
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
