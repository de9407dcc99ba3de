package import Kernel

/// One matter around demands that is followed until it ends: a visit, an adviser's year, a work order, a complaint.
package struct Case: Hashable, Sendable {
  /// More than this belongs into a case of its own.
  package static let maximumSteps = 100
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
  package var steps: [CaseStep]
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
    case .visit: fields["sweep"] ?? ""
    case .firstLoanTarget: "\(fields["from"] ?? "")/\(fields["to"] ?? "")"
    case .renewal: fields["loan"] ?? ""
    default: ""
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
  package var at: Instant

  package init(
    action: String, from: String, to: String, actor: String, role: Role, reason: String, evidence: [Evidence],
    at: Instant
  ) {
    self.action = action
    self.from = from
    self.to = to
    self.actor = actor
    self.role = role
    self.reason = reason
    self.evidence = evidence
    self.at = at
  }
}
