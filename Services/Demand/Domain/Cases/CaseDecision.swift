package import Kernel
package import Policy

/// Everything a decision about a case may look at.
package struct CaseSituation: Sendable {
  /// `nil` when the case is to be opened.
  package var current: Case?
  package var parent: Case?
  package var enterprise: Enterprise?
  package var hasDemand = false
  /// Open cases of the same kind under the same parent.
  package var openSiblings = 0
  /// Open cases of the same kind about the same firm.
  package var openOfFirm = 0
  /// Whether the firm stands on the white list of renewals.
  package var isListedForRenewal = false

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
    if !enterprise.isEmpty, situation.enterprise == nil {
      throw DomainError(.resourceNotFound, "enterprises/\(enterprise) does not exist", field: "matter.enterprise")
    }
    if !demand.isEmpty, !situation.hasDemand {
      throw DomainError(.resourceNotFound, "demands/\(demand) does not exist", field: "matter.demand")
    }
    if !parent.isEmpty {
      guard let parent = situation.parent, rule.parent == nil || parent.kind == rule.parent else {
        throw DomainError(
          .resourceNotFound, "cases/\(self.parent) is no \(rule.parent?.rawValue ?? "case")", field: "matter.parent")
      }
    }
    var opened = Case(
      id: id, kind: kind, state: rule.first, region: region, title: title, enterprise: enterprise,
      organisation: organisation, demand: demand, parent: parent, fields: fields.filter { !$0.value.isEmpty },
      dueOn: nil, steps: [], openedBy: caller.organisation, clientID: clientID, createdAt: now, updatedAt: now,
      revision: 1)
    opened.dueOn = try rule.clock.due(opened, policy: policy, now: now)
    try CaseGuards.opening(opened, situation, policy: policy, on: now.shanghaiDate())
    return opened
  }
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
    guard next.steps.count < Case.maximumSteps else {
      throw DomainError(.limitExceeded, "a case has at most \(Case.maximumSteps) steps")
    }
    next.fields.merge(fields) { $1 }
    next.steps.append(
      CaseStep(
        action: action, from: next.state, to: row.to, actor: caller.organisation, role: caller.role, reason: reason,
        evidence: evidence, at: now))
    next.state = row.to
    if let clock = row.clock { next.dueOn = try clock.due(next, policy: policy, now: now) }
    next.updatedAt = now
    next.revision += 1
    try CaseGuards.acting(action, next, situation, policy: policy, caller: caller, on: now.shanghaiDate())
    return next
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
