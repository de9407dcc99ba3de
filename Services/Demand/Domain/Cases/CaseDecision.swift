package import Kernel
package import Policy

/// Everything a decision about a case may look at.
package struct CaseSituation: Sendable {
  /// `nil` when the case is to be opened.
  package var current: Case?
  package var parent: Case?
  package var enterprise: Enterprise?
  package var demand: Demand?
  /// Open cases of the same kind under the same parent.
  package var openSiblings = 0
  /// Open cases of the same kind about the same firm.
  package var openOfFirm = 0
  /// Whether the firm stands on the white list of renewals.
  package var isListedForRenewal = false
  /// The firm's pairing that stands; needed by questions.
  package var pairing: Case?
  /// The adviser of the pairing, or of the question's.
  package var adviser: Case?
  /// Advisers of the group, or of the group that the adviser belongs to.
  package var members: [Case] = []
  /// Members of the group that belong to another.
  package var engaged: [String] = []
  /// The adviser who takes over, and how many firms it serves.
  package var successor: Case?
  package var firmsOfSuccessor = 0
  /// Pairings of the adviser that stand.
  package var pairings: [Case] = []
  /// Open cases of advisers of the same person and organisation.
  package var openOfPerson = 0
  /// Whether the action was done for the same period before.
  package var hasPeriod = false

  package init() {}
}

/// Opens a case.
package struct OpenCase: Sendable, Hashable {
  package var id: String
  package var kind: CaseKind
  package var region: RegionCode
  package var title: String
  package var enterprise: String
  package var organisation: String
  package var demand: String
  package var parent: String
  package var fields: [String: String]
  package var clientID: String

  /// - Throws: `INVALID_ARGUMENT`, `REQUIRED_FIELD_MISSING`, `INVALID_DATE`, naming the field.
  package init(
    id: String, kind: CaseKind, region: RegionCode, title: String, enterprise: String, organisation: String,
    demand: String, parent: String, fields: [String: String], clientID: String
  ) throws(DomainError) {
    let rule = CaseTable.rule(kind)
    self.title = try Texts.required(title, "matter.title", maximum: Texts.maximumName)
    try CaseFields.check(fields, of: rule, at: "matter.fields")
    for field in rule.fields where field.required && (fields[field.name] ?? "").isEmpty {
      throw DomainError(
        .requiredFieldMissing, "a \(kind.rawValue) needs \(field.name)", field: "matter.fields.\(field.name)")
    }
    if !organisation.isEmpty { _ = try ActingInstitution.organisation(organisation, field: "matter.organisation") }
    guard clientID.isEmpty || (clientID.utf8.count <= 64 && ResourceName.isID(clientID)) else {
      throw DomainError.invalid("matter.client_id", "has 1 to 64 of A–Z a–z 0–9 . _ ~ -")
    }
    let given: [(CaseRule.Link, String)] = [
      (.enterprise, enterprise), (.organisation, organisation), (.demand, demand), (.parent, parent),
    ]
    for (link, value) in given where rule.needs.contains(link) && value.isEmpty {
      throw DomainError(
        .requiredFieldMissing, "a \(kind.rawValue) names its \(link.rawValue)", field: "matter.\(link.rawValue)")
    }
    self.id = id
    self.kind = kind
    self.region = region
    self.enterprise = enterprise
    self.organisation = organisation
    self.demand = demand
    self.parent = parent
    self.fields = fields
    self.clientID = clientID
  }

  /// - Throws: `ROLE_NOT_ALLOWED`, `OUT_OF_SCOPE`, `RESOURCE_NOT_FOUND`, and what the kind's own rule refuses.
  package func decide(
    _ situation: CaseSituation, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> Case {
    let rule = CaseTable.rule(kind)
    guard rule.opens.contains(caller.role) else { throw .caseRole(kind, "open", caller) }
    try CaseScope.requireOpening(self, by: caller)
    try CaseScope.requireLinks(self, situation, by: caller)
    var opened = Case(
      id: id, kind: kind, state: rule.first, region: region, title: title, enterprise: enterprise,
      organisation: organisation, demand: demand, parent: parent, fields: fields.filter { !$0.value.isEmpty },
      dueOn: nil, steps: [], openedBy: caller.organisation, clientID: clientID, createdAt: now, updatedAt: now,
      revision: 1)
    let today = try now.shanghaiDate()
    opened.dueOn = try rule.clock.due(opened, policy: policy, now: now)
    opened.deadlines = opened.dueOn.map { [CaseDeadline(startedOn: today, dueOn: $0)] } ?? []
    opened.happenedOn = try happenedOn(situation)
    opened.tie(to: situation)
    try CaseGuards.opening(opened, situation, policy: policy, on: now.shanghaiDate())
    return opened
  }

  private func happenedOn(_ situation: CaseSituation) throws(DomainError) -> BusinessDate? {
    let field: String
    switch kind {
    case .visit: field = "visited_on"
    case .matchingEvent: field = "held_on"
    case .sweep: field = "from"
    case .eventDeal: return situation.parent?.happenedOn
    default: return nil
    }
    return try fields[field].map { text throws(DomainError) in
      try BusinessDate(iso: text, field: "matter.fields.\(field)")
    }
  }
}

extension Case {
  /// A question goes to the firm's adviser, and to the bureau when it has none; pairings and questions are also of the
  /// adviser's institution.
  fileprivate mutating func tie(to situation: CaseSituation) {
    switch kind {
    case .pairing: if organisation.isEmpty { organisation = situation.parent?.organisation ?? "" }
    case .question:
      guard let pairing = situation.pairing else {
        state = "bureau"
        return
      }
      parent = pairing.id
      organisation = pairing.organisation
    default: break
    }
  }

  /// Organisations that act for an adviser: the one that nominated it and the one under which it signs in.
  var accounts: [String] { [organisation, fields["account"] ?? ""].filter { !$0.isEmpty } }
}

/// Does something in a case.
package struct ActOnCase: Sendable, Hashable {
  package var id: String
  package var action: String
  package var fields: [String: String]
  package var evidence: [Evidence]
  package var reason: String

  /// - Throws: `INVALID_ARGUMENT`, `BATCH_TOO_LARGE`.
  package init(
    id: String, action: String, fields: [String: String], evidence: [Evidence], reason: String
  ) throws(DomainError) {
    guard evidence.count <= CloseDemand.maximumEvidence else {
      throw DomainError(
        .batchTooLarge, "at most \(CloseDemand.maximumEvidence) pieces of evidence", field: "evidence")
    }
    self.id = id
    self.action = action
    self.fields = fields
    self.evidence = evidence
    self.reason = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
  }

  /// - Throws: `RESOURCE_NOT_FOUND`, `OUT_OF_SCOPE`, `STATE_CONFLICT` naming what the state allows, `ROLE_NOT_ALLOWED`,
  ///   `EVIDENCE_MISSING`, `REQUIRED_FIELD_MISSING`, `LIMIT_EXCEEDED`, and what the kind's own rule refuses.
  package func decide(
    _ situation: CaseSituation, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> Case {
    guard var next = situation.current else { throw .notFound("cases/\(id)") }
    try CaseScope.require(next, by: caller)
    let rule = CaseTable.rule(next.kind)
    let row = try admit(next, rule, caller)
    if row.helpersOwn { try CaseGuards.requireOwn(next, situation, caller) }
    if row.reason { _ = try Texts.required(reason, "reason", maximum: Texts.maximumReason) }
    if row.evidence, evidence.isEmpty {
      throw DomainError(.evidenceMissing, "\(action) needs evidence", field: "evidence")
    }
    try CaseFields.check(fields, of: rule, at: "fields")
    for field in row.gives where (fields[field] ?? "").isEmpty {
      throw DomainError(.requiredFieldMissing, "\(action) gives \(field)", field: "fields.\(field)")
    }
    for (name, _) in fields where !row.gives.contains(name) {
      throw DomainError.invalid("fields.\(name)", "\(action) does not change \(name)")
    }
    next.fields.merge(fields) { $1 }
    next.take(
      CaseStep(
        action: action, from: next.state, to: row.to, actor: caller.organisation, role: caller.role, reason: reason,
        evidence: evidence, fields: fields, at: now))
    let today = try now.shanghaiDate()
    if let clock = row.clock { next.restart(due: try clock.due(next, policy: policy, now: now), on: today) }
    if action == "lead_to" { try lead(&next, to: situation.demand, by: caller) }
    try CaseGuards.acting(action, next, situation, policy: policy, caller: caller, on: today)
    return next
  }

  /// What the action does to other cases: with a new adviser go the firms of the old one.
  package func consequences(_ next: Case, _ situation: CaseSituation, caller: Caller, now: Instant) -> [Case] {
    guard next.kind == .adviser, action == "replace", let successor = situation.successor else { return [] }
    return situation.pairings.map { pairing in
      var moved = pairing
      moved.parent = successor.id
      moved.organisation = successor.organisation
      moved.take(
        CaseStep(
          action: "transfer", from: pairing.state, to: pairing.state, actor: caller.organisation, role: caller.role,
          reason: reason, evidence: [], fields: ["successor": successor.id], at: now))
      return moved
    }
  }

  /// - Throws: `RESOURCE_NOT_FOUND` for a demand that the caller does not see, `INVALID_ARGUMENT` for another firm's.
  private func lead(_ next: inout Case, to demand: Demand?, by caller: Caller) throws(DomainError) {
    let name = next.fields.removeValue(forKey: "demand") ?? ""
    guard let demand, DemandScope.sees(demand, caller) else {
      throw DomainError(.resourceNotFound, "\(name) does not exist", field: "fields.demand")
    }
    guard demand.enterprise == next.enterprise else {
      throw DomainError.invalid("fields.demand", "demands/\(demand.id) is not of enterprises/\(next.enterprise)")
    }
    next.demand = demand.id
  }

  private func admit(_ current: Case, _ rule: CaseRule, _ caller: Caller) throws(DomainError) -> CaseAction {
    guard let row = rule.action(action, from: current.state) else {
      let allowed = rule.actions.filter { $0.from.contains(current.state) }.map(\.name).joined(separator: ", ")
      throw DomainError(
        .stateConflict, "cases/\(id) is \(current.state); it allows \(allowed.isEmpty ? "nothing more" : allowed)",
        field: "action", metadata: ["state": current.state, "allowed": allowed])
    }
    guard row.who.contains(caller.role) else { throw .caseRole(current.kind, action, caller) }
    if row.own, caller.role == .institution, caller.organisation != current.organisation {
      throw DomainError(
        .outOfScope, "cases/\(id) is of \(current.organisation)", metadata: ["organisation": caller.organisation])
    }
    return row
  }
}

extension Case {
  /// Takes a step: the last of them are carried, the store keeps all.
  mutating func take(_ step: CaseStep) {
    steps.append(step)
    if steps.count > Self.stepsShown { steps.removeFirst(steps.count - Self.stepsShown) }
    state = step.to
    updatedAt = step.at
    revision += 1
  }

  /// What had to be done is done; the next begins, if any.
  fileprivate mutating func restart(due: BusinessDate?, on today: BusinessDate) {
    if let last = deadlines.indices.last, deadlines[last].metOn == nil { deadlines[last].metOn = today }
    if let due { deadlines.append(CaseDeadline(startedOn: today, dueOn: due)) }
    dueOn = due
  }

  /// The case with its deadline recorded as missed; `nil` when none lies before the day, is unmet and not yet recorded.
  package func missing(asOf: BusinessDate, caller: Caller, now: Instant) throws(DomainError) -> Case? {
    guard let last = deadlines.indices.last, deadlines[last].metOn == nil, deadlines[last].missedOn == nil,
      deadlines[last].dueOn < asOf
    else { return nil }
    var next = self
    next.deadlines[last].missedOn = try now.shanghaiDate()
    next.take(
      CaseStep(
        action: "miss", from: state, to: state, actor: caller.organisation, role: caller.role,
        reason: "\(deadlines[last].dueOn)", evidence: [], at: now))
    return next
  }
}

enum CaseFields {
  /// - Throws: `INVALID_ARGUMENT`, `INVALID_DATE`, naming the field.
  static func check(_ fields: [String: String], of rule: CaseRule, at path: String) throws(DomainError) {
    for (name, value) in fields {
      guard let field = rule.field(name) else {
        throw DomainError.invalid("\(path).\(name.prefix(64))", "a \(rule.kind.rawValue) has no such field")
      }
      try check(value, field, "\(path).\(name)")
    }
  }

  private static func check(_ value: String, _ field: CaseField, _ path: String) throws(DomainError) {
    if value.isEmpty { return }
    switch field.value {
    case .text: _ = try Texts.optional(value, path, maximum: Case.maximumValue)
    case .date: _ = try BusinessDate(iso: value, field: path)
    case .amount:
      guard let amount = Int64(value), (0...Amounts.maximumMinorUnits).contains(amount) else {
        throw DomainError.invalid(path, "is an amount in minor units from 0 to \(Amounts.maximumMinorUnits)")
      }
    case .count:
      guard let count = Int64(value), (1...1_000_000_000).contains(count) else {
        throw DomainError.invalid(path, "is a whole number from 1 to 1000000000")
      }
    case .word(let words):
      guard words.contains(value) else {
        throw DomainError.invalid(path, "is one of \(words.joined(separator: ", "))")
      }
    case .list:
      let parts = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard parts.count <= 200, parts.allSatisfy(ResourceName.isID), Set(parts).count == parts.count else {
        throw DomainError.invalid(path, "is a list of at most 200 different identifiers joined by commas")
      }
    }
  }
}

extension CaseClock {
  /// - Throws: `POLICY_NOT_STATED`, `INVALID_DATE`.
  func due(_ matter: Case, policy: PolicyBook, now: Instant) throws(DomainError) -> BusinessDate? {
    let scope = PolicyScope(region: matter.region.text)
    let today = try now.shanghaiDate()
    switch self {
    case .none: return nil
    case .field(let name):
      return try matter.fields[name].map { text throws(DomainError) in try BusinessDate(iso: text) }
    case .days(let parameter):
      let cap = try policy.parameter(parameter, as: .days, scope: scope, on: today)
      return try WorkingCalendar(policy).deadline(cap.value, after: today)
    case .months(let parameter, let field):
      guard let text = matter.fields[field] else { return nil }
      let start = try BusinessDate(iso: text)
      let months = try policy.parameter(parameter, as: .months, scope: scope, on: start)
      guard let count = Int(exactly: months.value) else { throw .invalid(field, "\(months.value) months") }
      return try start.adding(months: count).adding(days: -1)
    }
  }
}

extension DomainError {
  static func caseRole(_ kind: CaseKind, _ action: String, _ caller: Caller) -> DomainError {
    DomainError(
      .roleNotAllowed, "role \(caller.role.rawValue) may not \(action) a \(kind.rawValue)",
      metadata: ["role": caller.role.rawValue, "kind": kind.rawValue, "action": action])
  }
}
