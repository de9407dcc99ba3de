package import Kernel

/// What happened to a demand. Folding a demand's events with `apply` gives the demand (but for its contact data).
package enum DemandEvent: Sendable, Hashable {
  case submitted(Demand)
  case assessed(Assessment, EnterpriseProfile)
  case pushed(Push)
  case claimed(institution: String)
  case offered(Offer)
  case signed(Contract)
  case disbursed(Disbursement)
  case closed(CloseOut)
  case declined(Decline, othersLeft: Bool)
  case withdrawn
  case expired(lastDay: BusinessDate, asOf: BusinessDate)
  case escalated(Escalation)
  case planned(ImprovementPlan)
  case invited(JointMember)
  case joined(institution: String)
  /// A member of a joint credit declined or left it.
  case left(Decline)
  /// An institution took up a broadcast, beside others.
  case taken(institution: String)
  /// One that has taken up a broadcast made or revised its offer.
  case tendered(Offer, revised: Bool)
  /// The firm signed with one of those who had offered.
  case awarded(institution: String, Contract)
  case jointOffered(Offer)
  case jointSigned(institution: String, Contract)
  case jointDisbursed(institution: String, Disbursement)
  case acknowledged(organisation: String)
  case contacted(institution: String)
  case paused(Pause)
  /// The pause that ended.
  case resumed(Pause)
  case clockMissed(MissedClock)
  case noted(DemandNote)
  case documentAttached(DemandDocument)
  /// The close-out that no longer holds.
  case reopened(CloseOut)

  /// One push: everyone in it learned of the demand at the same moment.
  package struct Push: Sendable, Hashable {
    package var mode: PushMode
    package var targets: [PushTarget]
    /// The rule that demands simultaneity; empty when the packs do not state it.
    package var citations: [Citation]
    /// Everybody before had declined: others look at it again.
    package var secondLook: Bool

    package init(mode: PushMode, targets: [PushTarget], citations: [Citation], secondLook: Bool = false) {
      self.secondLook = secondLook
      self.mode = mode
      self.targets = targets
      self.citations = citations
    }
  }

  /// `demand.claimed`: the type of the log entry.
  package var type: String { "demand.\(name)" }

  private var name: String {
    switch self {
    case .submitted: "submitted"
    case .assessed: "assessed"
    case .pushed: "pushed"
    case .claimed: "claimed"
    case .offered: "offered"
    case .signed: "signed"
    case .disbursed: "disbursed"
    case .closed: "closed"
    case .declined: "declined"
    case .withdrawn: "withdrawn"
    case .expired: "expired"
    case .escalated: "escalated"
    case .planned: "planned"
    case .invited: "invited"
    case .joined: "joined"
    case .left: "left"
    case .taken: "taken"
    case .tendered: "tendered"
    case .awarded: "awarded"
    case .jointOffered: "joint_offered"
    case .jointSigned: "joint_signed"
    case .jointDisbursed: "joint_disbursed"
    case .acknowledged: "acknowledged"
    case .contacted: "contacted"
    case .paused: "paused"
    case .resumed: "resumed"
    case .clockMissed: "clock_missed"
    case .noted: "noted"
    case .documentAttached: "document_attached"
    case .reopened: "reopened"
    }
  }
}

/// Who did it, when, why and under which policy.
package struct EventContext: Sendable, Hashable {
  package var actor: String
  package var role: Role
  /// Person or program inside the actor's organisation.
  package var subject: String
  package var reason: String
  package var policyDigest: String
  package var at: Instant

  package init(actor: String, role: Role, subject: String, reason: String, policyDigest: String, at: Instant) {
    self.actor = actor
    self.role = role
    self.subject = subject
    self.reason = reason
    self.policyDigest = policyDigest
    self.at = at
  }

  package init(caller: Caller, reason: String, policyDigest: String, at: Instant) {
    self.init(
      actor: caller.organisation, role: caller.role, subject: caller.subject, reason: reason,
      policyDigest: policyDigest, at: at)
  }
}
