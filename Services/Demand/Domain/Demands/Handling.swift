package import Kernel

/// How a demand is worked on beside its state: level, joint credit, pauses, missed deadlines, notes.
package struct Handling: Hashable, Sendable {
  /// Most notes, pauses and members of one demand: every reading of the demand carries them.
  package static let maximumNotes = 50
  package static let maximumPauses = 20
  package static let maximumMembers = 20
  package static let maximumDocuments = 20

  package var urgency = Urgency.normal
  package var collateral: CollateralKind?
  package var level: HandlingLevel
  package var escalations: [Escalation] = []
  package var plan: ImprovementPlan?
  /// The other institutions of a joint credit; the claimant leads it.
  package var members: [JointMember] = []
  /// Those who have taken up a broadcast, in order; empty once one of them has signed.
  package var takers: [Taker] = []
  package var pushedAt: Instant?
  package var contactedAt: Instant?
  /// The standing claim's first offer.
  package var decidedAt: Instant?
  package var pauses: [Pause] = []
  package var missed: [MissedClock] = []
  package var similar: [SimilarDemand] = []
  package var secondLooks: Int64 = 0
  package var notes: [DemandNote] = []
  package var documents: [DemandDocument] = []
  /// Industry chain of the firm when it submitted; empty when none.
  package var chain = ""

  /// What a demand of the region starts with: the town where the code names one, otherwise the county.
  package init(region: RegionCode) { level = region.town == nil ? .county : .town }

  package var isPaused: Bool { pauses.last.map { $0.to == nil } ?? false }

  package func member(_ institution: String) -> Int? {
    members.firstIndex { $0.institution == institution && $0.state != .left }
  }
}

/// One step up.
package struct Escalation: Hashable, Sendable {
  package var from: HandlingLevel
  package var to: HandlingLevel
  package var reason: String
  package var actor: String
  package var at: Instant

  package init(from: HandlingLevel, to: HandlingLevel, reason: String, actor: String, at: Instant) {
    self.from = from
    self.to = to
    self.reason = reason
    self.actor = actor
    self.at = at
  }
}

/// What a firm will improve so that its demand can be judged again (难投讲清, 淄金稳办发〔2023〕11号 二(三)).
package struct ImprovementPlan: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    /// The rule of the judgement that asks for it.
    package var rule: String
    package var text: String

    package init(rule: String, text: String) {
      self.rule = rule
      self.text = text
    }
  }

  package var steps: [Step]
  package var reviewOn: BusinessDate
  package var actor: String
  package var at: Instant

  package init(steps: [Step], reviewOn: BusinessDate, actor: String, at: Instant) {
    self.steps = steps
    self.reviewOn = reviewOn
    self.actor = actor
    self.at = at
  }
}

/// An institution that shares a demand with the claimant (联合授信).
package struct JointMember: Hashable, Sendable {
  package var institution: String
  /// What the lead proposes.
  package var share: Money
  package var state: JointState
  package var offer: Offer?
  package var contract: Contract?
  package var disbursements: [Disbursement]

  package init(
    institution: String, share: Money, state: JointState, offer: Offer? = nil, contract: Contract? = nil,
    disbursements: [Disbursement] = []
  ) {
    self.institution = institution
    self.share = share
    self.state = state
    self.offer = offer
    self.contract = contract
    self.disbursements = disbursements
  }

  /// Sum of its payments; every decision that adds one has proved that the sum fits.
  package var disbursedMinorUnits: Int64 { disbursements.reduce(into: 0) { $0 &+= $1.amount.minorUnits } }
}

/// A span during which clocks stand still.
package struct Pause: Hashable, Sendable {
  package var from: BusinessDate
  /// The day on which they went on; `nil` while they stand.
  package var to: BusinessDate?
  package var reason: String

  package init(from: BusinessDate, to: BusinessDate?, reason: String) {
    self.from = from
    self.to = to
    self.reason = reason
  }
}

/// A deadline that passed unmet.
package struct MissedClock: Hashable, Sendable {
  package var kind: ClockKind
  package var dueOn: BusinessDate
  /// `nil` for a push that nobody took up.
  package var institution: String?
  package var at: Instant

  package init(kind: ClockKind, dueOn: BusinessDate, institution: String?, at: Instant) {
    self.kind = kind
    self.dueOn = dueOn
    self.institution = institution
    self.at = at
  }
}

/// An earlier demand that looks like the same need.
package struct SimilarDemand: Hashable, Sendable {
  package var demand: String
  package var similarity: Similarity
  package var amount: Money
  /// Its firm, under the code that stands for it, and where that is; `nil` in what older stores kept.
  package var enterprise: String?
  package var region: RegionCode?

  package init(
    demand: String, similarity: Similarity, amount: Money, enterprise: String? = nil, region: RegionCode? = nil
  ) {
    self.enterprise = enterprise
    self.region = region
    self.demand = demand
    self.similarity = similarity
    self.amount = amount
  }
}

/// A document on the demand's file.
package struct DemandDocument: Hashable, Sendable {
  /// 续贷承诺: the bank that holds the old loan commits itself to renew it.
  package static let renewalCommitment = "renewal-commitment"

  package var evidence: Evidence
  /// Who issued it; empty when not said.
  package var issuer: String
  /// What it states; `nil` when it states no amount.
  package var amount: Money?
  /// Last day it holds; `nil` when it has no end.
  package var validUntil: BusinessDate?
  package var actor: String
  package var role: Role
  package var at: Instant

  package init(
    evidence: Evidence, issuer: String, amount: Money?, validUntil: BusinessDate?, actor: String, role: Role,
    at: Instant
  ) {
    self.evidence = evidence
    self.issuer = issuer
    self.amount = amount
    self.validUntil = validUntil
    self.actor = actor
    self.role = role
    self.at = at
  }

  package func holds(on date: BusinessDate) -> Bool { validUntil.map { date <= $0 } ?? true }
}

/// A note of somebody who works on the demand.
package struct DemandNote: Hashable, Sendable {
  package var text: String
  package var actor: String
  package var role: Role
  package var at: Instant

  package init(text: String, actor: String, role: Role, at: Instant) {
    self.text = text
    self.actor = actor
    self.role = role
    self.at = at
  }
}

extension Demand {
  /// Credit granted, signed and paid out by everybody in it, in minor units; only contracts that stand count.
  package var totals: AmountTally { AmountTally(of: self) }

  /// Paid out by the claimant and the members of a joint credit.
  package var disbursedByAll: Money {
    Money(
      handling.members.reduce(into: disbursed.minorUnits) { $0 &+= $1.disbursedMinorUnits }, amount.currency)
  }

  /// Signed by everybody; `nil` before the first contract.
  package var signedByAll: Money? {
    guard let contract else { return nil }
    let others = handling.members.reduce(into: Int64(0)) { $0 &+= $1.contract?.amount.minorUnits ?? 0 }
    return Money(contract.amount.minorUnits &+ others, amount.currency)
  }
}
