package import Kernel

/// A firm's financing demand and everything that has become of it.
package struct Demand: Hashable, Sendable {
  /// A ULID.
  package var id: String
  /// `Enterprise.id` of the firm.
  package var enterprise: String
  package var state: DemandState
  /// Every state it has ever been in: what funnels count.
  package var reached: Set<DemandState>
  package var amount: Money
  package var tenorMonths: Int64
  package var purpose: String
  package var securityMode: SecurityMode
  package var instrument: Instrument
  package var region: RegionCode
  package var channel: Channel
  package var wantedDate: BusinessDate?
  /// Last day on which the demand may be taken up; `nil` when it does not expire.
  package var validUntil: BusinessDate?
  /// Personal data: kept with the demand, never written into the event log, which cannot be erased.
  package var contact: Contact?
  /// The firm when the demand was submitted or last judged.
  package var profile: EnterpriseProfile
  package var assessment: Assessment?
  package var pushMode: PushMode?
  package var targets: [PushTarget]
  package var claim: Claim?
  package var offer: Offer?
  package var contract: Contract?
  package var disbursements: [Disbursement]
  package var declines: [Decline]
  package var closeOut: CloseOut?
  package var endReason: String?
  package var handling: Handling
  package var submittedBy: String
  /// Digest of the policy under which it last changed.
  package var policyDigest: String
  package var createdAt: Instant
  package var updatedAt: Instant
  /// Number of events so far; the etag.
  package var revision: Int64

  package init(
    id: String, enterprise: String, state: DemandState, amount: Money, tenorMonths: Int64, purpose: String,
    securityMode: SecurityMode, instrument: Instrument, region: RegionCode, channel: Channel,
    wantedDate: BusinessDate?, validUntil: BusinessDate?, contact: Contact?, profile: EnterpriseProfile,
    submittedBy: String, policyDigest: String, createdAt: Instant, updatedAt: Instant, revision: Int64
  ) {
    self.id = id
    self.enterprise = enterprise
    self.state = state
    reached = [state]
    self.amount = amount
    self.tenorMonths = tenorMonths
    self.purpose = purpose
    self.securityMode = securityMode
    self.instrument = instrument
    self.region = region
    self.channel = channel
    self.wantedDate = wantedDate
    self.validUntil = validUntil
    self.contact = contact
    self.profile = profile
    self.submittedBy = submittedBy
    self.policyDigest = policyDigest
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.revision = revision
    handling = Handling(region: region)
    targets = []
    disbursements = []
    declines = []
  }

  /// Sum of the claimant's disbursements. Every decision that adds one has proved that the sum fits.
  package var disbursed: Money {
    Money(disbursements.reduce(into: 0) { $0 &+= $1.amount.minorUnits }, amount.currency)
  }

  /// Signed by everybody over wanted, never clamped; `nil` before signing.
  package var signedSatisfaction: Rate? {
    guard let signedByAll else { return nil }
    return try? Rate(signedByAll.minorUnits, over: amount.minorUnits)
  }

  /// Disbursed by everybody over wanted, never clamped; `nil` before signing.
  package var disbursedSatisfaction: Rate? {
    contract == nil ? nil : try? Rate(disbursedByAll.minorUnits, over: amount.minorUnits)
  }

  /// The day after which the demand expires: its own last day, or once signed the contract's; `nil` when it does not.
  package var lastDay: BusinessDate? {
    switch state {
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .declined: validUntil
    case .signed: contract?.drawBy
    case .disbursed, .closed, .withdrawn, .expired: nil
    }
  }

  /// Whether a contract stands that is the firm's first loan.
  package var isFirstLoan: Bool {
    guard contract?.firstLoan == true else { return false }
    switch state {
    case .signed, .disbursed, .closed: return true
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .declined, .withdrawn, .expired: return false
    }
  }

  /// Before anything is signed: the demand may still be taken up.
  /// - Throws: `POLICY_CONDITION_FAILED` on a day after the last.
  func requireInTime(on day: BusinessDate, field: String? = nil) throws(DomainError) {
    guard contract == nil, let validUntil, day > validUntil else { return }
    throw DomainError(
      .policyConditionFailed, "demands/\(id) could be taken up until \(validUntil); \(day) is later", field: field,
      metadata: ["last_day": validUntil.description])
  }

  package var institutionTargets: [PushTarget] { targets.filter { $0.kind == .institution } }

  package func target(of institution: String) -> PushTarget? {
    targets.first { $0.kind == .institution && $0.organisation == institution }
  }
}

/// A person at the firm.
package struct Contact: Hashable, Sendable {
  package var person: String
  package var phone: String

  package init(person: String, phone: String) {
    self.person = person
    self.phone = phone
  }
}

/// One receiver of a push.
package struct PushTarget: Hashable, Sendable {
  /// Before the region of a regulator's scope: `region-3703`.
  package static let regulatorPrefix = "region-"

  package var kind: TargetKind
  package var organisation: String
  package var product: String
  package var score: Rate
  package var state: TargetState
  package var pushedAt: Instant
  package var reason: PushReason
  package var acknowledgedAt: Instant?

  package init(
    kind: TargetKind, organisation: String, product: String, score: Rate, state: TargetState, pushedAt: Instant,
    reason: PushReason = .match, acknowledgedAt: Instant? = nil
  ) {
    self.reason = reason
    self.acknowledgedAt = acknowledgedAt
    self.kind = kind
    self.organisation = organisation
    self.product = product
    self.score = score
    self.state = state
    self.pushedAt = pushedAt
  }
}

package struct Claim: Hashable, Sendable {
  package var institution: String
  package var at: Instant

  package init(institution: String, at: Instant) {
    self.institution = institution
    self.at = at
  }
}

/// What the claimant offers.
package struct Offer: Hashable, Sendable {
  package var institution: String
  /// Credit granted (授信).
  package var amount: Money
  /// Per year.
  package var rate: Rate
  package var tenorMonths: Int64
  package var guaranteeNeeded: Bool
  package var product: String
  package var at: Instant

  package init(
    institution: String, amount: Money, rate: Rate, tenorMonths: Int64, guaranteeNeeded: Bool, product: String,
    at: Instant
  ) {
    self.institution = institution
    self.amount = amount
    self.rate = rate
    self.tenorMonths = tenorMonths
    self.guaranteeNeeded = guaranteeNeeded
    self.product = product
    self.at = at
  }
}

package struct Contract: Hashable, Sendable {
  package var number: String
  package var amount: Money
  package var signedOn: BusinessDate
  /// 随借随还: repaid principal may be drawn again, so disbursements may sum to more than the amount.
  package var revolving: Bool
  /// Last day of the first drawdown; `nil` when open.
  package var drawBy: BusinessDate?
  /// 首贷: the firm had no loan and no bill discount when it was recorded, and no contract here.
  package var firstLoan: Bool

  package init(
    number: String, amount: Money, signedOn: BusinessDate, revolving: Bool, drawBy: BusinessDate?,
    firstLoan: Bool = false
  ) {
    self.firstLoan = firstLoan
    self.number = number
    self.amount = amount
    self.signedOn = signedOn
    self.revolving = revolving
    self.drawBy = drawBy
  }
}

package struct Disbursement: Hashable, Sendable {
  package var amount: Money
  package var paidOn: BusinessDate
  package var evidence: Evidence

  package init(amount: Money, paidOn: BusinessDate, evidence: Evidence) {
    self.amount = amount
    self.paidOn = paidOn
    self.evidence = evidence
  }
}

package struct Decline: Hashable, Sendable {
  package var institution: String
  package var reason: String
  package var at: Instant
  package var fromState: DemandState

  package init(institution: String, reason: String, at: Instant, fromState: DemandState) {
    self.institution = institution
    self.reason = reason
    self.at = at
    self.fromState = fromState
  }
}

/// 销号: the closing of a ledger item.
package struct CloseOut: Hashable, Sendable {
  package var evidence: [Evidence]
  package var closedBy: String
  package var role: Role
  package var note: String
  package var at: Instant

  package init(evidence: [Evidence], closedBy: String, role: Role, note: String, at: Instant) {
    self.evidence = evidence
    self.closedBy = closedBy
    self.role = role
    self.note = note
    self.at = at
  }
}
