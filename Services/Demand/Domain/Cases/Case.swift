package import Kernel

/// One matter around demands that is followed until it ends: a visit, an adviser's year, a work order, a complaint.
package struct Case: Hashable, Sendable {
  /// Steps that a reading of the case carries: the last ones. There is no end to what may be done in a case.
  package static let stepsShown = 100
  package static let maximumFields = 20
  package static let maximumValue = 2000

  package var id: String
  package var kind: CaseKind
  package var state: String
  package var region: RegionCode
  package var title: String
  /// `Enterprise.id`; empty when none.
  package var enterprise: String
  package var organisation: String
  package var demand: String
  /// `Case.id` of what it belongs to; empty when none.
  package var parent: String
  package var fields: [String: String]
  /// Last day of what is to be done next.
  package var dueOn: BusinessDate?
  /// The last of them, at most `stepsShown`.
  package var steps: [CaseStep]
  /// What it was opened with; `nil` when an older store did not keep it.
  package var openedWith: [String: String]?
  /// What was to be done by a day, in order; the last may stand.
  package var deadlines: [CaseDeadline] = []
  /// The day it is about: of a visit the visit's, of an event and its deals the event's, otherwise that of its opening.
  package var happenedOn: BusinessDate?
  package var openedBy: String
  package var clientID: String
  package var createdAt: Instant
  package var updatedAt: Instant
  package var revision: Int64

  package init(
    id: String, kind: CaseKind, state: String, region: RegionCode, title: String, enterprise: String,
    organisation: String, demand: String, parent: String, fields: [String: String], dueOn: BusinessDate?,
    steps: [CaseStep], openedBy: String, clientID: String, createdAt: Instant, updatedAt: Instant, revision: Int64
  ) {
    self.id = id
    self.kind = kind
    self.state = state
    self.region = region
    self.title = title
    self.enterprise = enterprise
    self.organisation = organisation
    self.demand = demand
    self.parent = parent
    self.fields = fields
    self.dueOn = dueOn
    self.steps = steps
    openedWith = fields
    self.openedBy = openedBy
    self.clientID = clientID
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.revision = revision
  }

  package var isOpen: Bool { CaseTable.rule(kind).actions.contains { $0.from.contains(state) && $0.to != state } }

  /// What cases of one kind are looked up by beside their place: the month of a duty, the chain of a team, the list of an entry.
  package var topic: String {
    switch kind {
    case .dutyMonth: fields["month"] ?? ""
    case .chainTeam: fields["chain"] ?? ""
    case .whiteListEntry, .listingEntry: fields["list"] ?? ""
    case .matchingEvent: fields["chain"] ?? ""
    case .adviser: fields["person"] ?? ""
    case .report: fields["period"] ?? ""
    case .visit: fields["sweep"] ?? ""
    case .firstLoanTarget: Self.topic(ofTarget: fields)
    case .renewal: fields["loan"] ?? ""
    default: ""
    }
  }

  /// Period, chain and channel: of each a place has one target.
  package static func topic(ofTarget fields: [String: String]) -> String {
    let narrowed = ["chain", "channel"].compactMap { fields[$0].map { "/\($0)" } }.joined()
    return "\(fields["from"] ?? "")/\(fields["to"] ?? "")\(narrowed)"
  }

  /// Steps that were ever taken: each is a revision after the first.
  package var stepCount: Int64 { revision - 1 }

  /// Signed and in place of a deal; one that failed has neither.
  package var dealSums: (signed: Int64, inPlace: Int64) {
    guard kind == .eventDeal else { return (0, 0) }
    switch state {
    case "signed": return (amount("signed"), 0)
    case "funded": return (amount("signed"), amount("in_place"))
    default: return (0, 0)
    }
  }

  /// Amount of a field in minor units; 0 when it has none.
  package func amount(_ field: String) -> Int64 { fields[field].flatMap { Int64($0) } ?? 0 }

  /// Organisations that a field lists.
  package func organisations(_ field: String) -> [String] {
    (fields[field] ?? "").split(separator: ",").map(String.init)
  }
}

/// One thing done in a case.
package struct CaseStep: Hashable, Sendable {
  package var action: String
  package var from: String
  package var to: String
  package var actor: String
  package var role: Role
  package var reason: String
  package var evidence: [Evidence]
  /// Values that it gave.
  package var fields: [String: String]
  package var at: Instant

  package init(
    action: String, from: String, to: String, actor: String, role: Role, reason: String, evidence: [Evidence],
    fields: [String: String] = [:], at: Instant
  ) {
    self.action = action
    self.from = from
    self.to = to
    self.actor = actor
    self.role = role
    self.reason = reason
    self.evidence = evidence
    self.fields = fields
    self.at = at
  }
}

/// A day by which something was to be done, and what became of it.
package struct CaseDeadline: Hashable, Sendable {
  package var startedOn: BusinessDate
  package var dueOn: BusinessDate
  package var metOn: BusinessDate?
  /// When it was recorded that it had passed unmet.
  package var missedOn: BusinessDate?

  package init(
    startedOn: BusinessDate, dueOn: BusinessDate, metOn: BusinessDate? = nil, missedOn: BusinessDate? = nil
  ) {
    self.startedOn = startedOn
    self.dueOn = dueOn
    self.metOn = metOn
    self.missedOn = missedOn
  }
}
