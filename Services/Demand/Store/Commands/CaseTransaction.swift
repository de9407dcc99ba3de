import DemandDomain
import Kernel
import Policy
import Storage

/// One command about a case inside its transaction.
struct CaseTransaction {
  let session: WriteSession
  let policy: PolicyBook
  let caller: Caller
  let now: Instant

  func run(_ command: OpenCase) throws -> Case {
    var situation = CaseSituation()
    if command.kind == .firstLoanTarget {
      let topic = Case.topic(ofTarget: command.fields.filter { !$0.value.isEmpty })
      situation.openSiblings = try CaseRows.count(
        command.kind, "region_code", command.region.text, topic: topic, session)
    }
    if command.kind == .renewal {
      let listed = try CaseRows.count(.whiteListEntry, "enterprise", command.enterprise, topic: "renewal", session)
      situation.isListedForRenewal = listed > 0
    }
    if !command.enterprise.isEmpty {
      situation.enterprise = try EnterpriseRows.load(command.enterprise, session)?.item
      if command.kind == .question {
        situation.pairing = try CaseRows.standing(.pairing, "enterprise", command.enterprise, session).first
      }
      let topic: String? =
        switch command.kind {
        case .whiteListEntry, .listingEntry: command.fields["list"]
        case .renewal: command.fields["loan"]
        default: nil
        }
      situation.openOfFirm = try CaseRows.count(command.kind, "enterprise", command.enterprise, topic: topic, session)
    }
    if !command.parent.isEmpty {
      situation.parent = try CaseRows.load(command.parent, session)?.item
      situation.openSiblings = try CaseRows.count(command.kind, "parent", command.parent, session)
    }
    if !command.demand.isEmpty { situation.demand = try DemandRows.load(command.demand, session)?.item }
    if command.kind == .adviser, let person = command.fields["person"] {
      situation.openOfPerson = try CaseRows.count(
        .adviser, "organisation", command.organisation, topic: person, session)
    }
    if command.kind == .adviserGroup { try load(members: command.fields["members"], of: "", into: &situation) }
    let opened = try command.decide(situation, policy: policy, caller: caller, now: now)
    if !opened.clientID.isEmpty,
      let known = try CaseRows.load(client: opened.clientID, of: caller.organisation, session)
    {
      throw DomainError(
        .resourceExists, "cases/\(known.id) has client_id \(opened.clientID)", field: "matter.client_id",
        metadata: ["resource": "cases/\(known.id)"])
    }
    return try keep(opened)
  }

  func run(_ command: ActOnCase) throws -> Case {
    guard let loaded = try CaseRows.load(command.id, session) else { throw DomainError.notFound("cases/\(command.id)") }
    let situation = try situation(of: command, loaded)
    let next = try command.decide(situation, policy: policy, caller: caller, now: now)
    try CaseRows.update(next, number: loaded.position, session)
    try log(next, "case.\(command.action)", reason: command.reason)
    for other in command.consequences(next, situation, caller: caller, now: now) {
      guard let number = try CaseRows.load(other.id, session)?.position else { continue }
      try CaseRows.update(other, number: number, session)
      try log(other, "case.transfer", reason: command.reason)
    }
    return next
  }

  /// Loads what the decision of the kind and the action looks at.
  private func situation(of command: ActOnCase, _ loaded: Listed<Case>) throws -> CaseSituation {
    var situation = CaseSituation()
    let current = loaded.item
    situation.current = current
    switch current.kind {
    case .adviser:
      situation.pairings = try CaseRows.standing(.pairing, "parent", current.id, session)
      if let successor = command.fields["successor"] {
        situation.successor = try CaseRows.load(successor, session)?.item
        situation.firmsOfSuccessor = try CaseRows.count(.pairing, "parent", successor, session)
      }
    case .adviserGroup:
      try load(
        members: command.fields["members"] ?? current.fields["members"], of: current.id, into: &situation)
      if let period = command.fields["period"] {
        situation.hasPeriod = try CaseStepRows.has(command.action, "period", period, of: loaded.position, session)
      }
    case .pairing: situation.adviser = try CaseRows.load(current.parent, session)?.item
    case .question where !current.parent.isEmpty:
      guard let pairing = try CaseRows.load(current.parent, session)?.item else { break }
      situation.adviser = try CaseRows.load(pairing.parent, session)?.item
      let group = try CaseRows.standing(.adviserGroup, session).first {
        $0.organisations("members").contains(pairing.parent)
      }
      for member in group?.organisations("members") ?? [] {
        if let adviser = try CaseRows.load(member, session)?.item { situation.members.append(adviser) }
      }
    case .listingEntry:
      if let list = command.fields["list"] {
        situation.openOfFirm = try CaseRows.count(
          current.kind, "enterprise", current.enterprise, topic: list, session)
      }
    case .visit:
      if let name = command.fields["demand"], let id = try? ResourceName.id(of: name, in: "demands", field: "demand") {
        situation.demand = try DemandRows.load(id, session)?.item
      }
    default: break
    }
    return situation
  }

  /// The advisers whom a group names, and those of them who belong to another that stands. Many more than a group may have are
  /// not looked up: whoever is not loaded is refused as no appointed adviser.
  private func load(members: String?, of group: String, into situation: inout CaseSituation) throws {
    let ids = (members ?? "").split(separator: ",").prefix(200).map(String.init)
    situation.members = try ids.compactMap { try CaseRows.load($0, session)?.item }
    let others = try CaseRows.standing(.adviserGroup, session).filter { $0.id != group }
    let taken = Set(others.flatMap { $0.organisations("members") })
    situation.engaged = ids.filter(taken.contains)
  }

  /// Records the deadline that passed unmet; `false` when there is none.
  func miss(_ id: String, asOf: BusinessDate) throws -> Bool {
    guard let loaded = try CaseRows.load(id, session),
      let next = try loaded.item.missing(asOf: asOf, caller: caller, now: now)
    else { return false }
    try CaseRows.update(next, number: loaded.position, session)
    try log(next, "case.miss", reason: "")
    return true
  }

  func run(_ command: GenerateReport) throws -> GeneratedReport {
    let subject = command.subject.isEmpty ? nil : try CaseRows.load(command.subject, session)?.item
    var existing: Case?
    if let region = command.region ?? subject?.region {
      existing = try CaseRows.report(of: command.subject, region, command.period.text, session)
    }
    let report = try command.decide(subject: subject, existing: existing, caller: caller, now: now)
    let lines = try ReportReading.count(command.period, subject: subject, in: report.region, session)
    let kept = try keep(report)
    try ReportReading.keep(lines, of: kept.id, session)
    return GeneratedReport(matter: kept, lines: lines)
  }

  func run(_ command: ArrangeDuty) throws -> Case {
    let roster = try CaseRows.all(.dutyMonth, region: command.region, session)
    let teams = try CaseRows.standing(.chainTeam, session).filter {
      $0.region.lies(in: command.region.reach) || command.region.lies(in: $0.region.reach)
    }
    let leadBanks = Set(teams.flatMap { $0.organisations("lead_banks") })
    return try keep(
      try command.decide(roster, leadBanks: leadBanks, policy: policy, caller: caller, now: now))
  }

  private func keep(_ opened: Case) throws -> Case {
    try CaseRows.insert(opened, role: caller.role, session)
    try log(opened, "case.opened", reason: "")
    return opened
  }

  private func log(_ matter: Case, _ type: String, reason: String) throws {
    let context = EventContext(caller: caller, reason: reason, policyDigest: policy.digest, at: now)
    try session.append(event: LogCodec.encode(matter, type: type, context), at: now)
  }
}
