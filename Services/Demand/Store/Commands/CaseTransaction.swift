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
      let topic = "\(command.fields["from"] ?? "")/\(command.fields["to"] ?? "")"
      situation.openSiblings = try CaseRows.count(
        command.kind, "region_code", command.region.text, topic: topic, session)
    }
    if command.kind == .renewal {
      let listed = try CaseRows.count(.whiteListEntry, "enterprise", command.enterprise, topic: "renewal", session)
      situation.isListedForRenewal = listed > 0
    }
    if !command.enterprise.isEmpty {
      situation.enterprise = try EnterpriseRows.load(command.enterprise, session)?.item
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
    if !command.demand.isEmpty {
      situation.hasDemand =
        try session.first("SELECT 1 FROM demands WHERE id = ?", [.text(command.demand)]) { try $0.int64(0) } != nil
    }
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
    var situation = CaseSituation()
    situation.current = try CaseRows.load(command.id, session)?.item
    let next = try command.decide(situation, policy: policy, caller: caller, now: now)
    try CaseRows.update(next, session)
    try log(next, "case.\(command.action)", reason: command.reason)
    return next
  }

  func run(_ command: ArrangeDuty) throws -> Case {
    let roster = try CaseRows.all(.dutyMonth, region: command.region, session)
    return try keep(try command.decide(roster, policy: policy, caller: caller, now: now))
  }

  private func keep(_ opened: Case) throws -> Case {
    try CaseRows.insert(opened, session)
    try log(opened, "case.opened", reason: "")
    return opened
  }

  private func log(_ matter: Case, _ type: String, reason: String) throws {
    let context = EventContext(caller: caller, reason: reason, policyDigest: policy.digest, at: now)
    try session.append(event: LogCodec.encode(matter, type: type, context), at: now)
  }
}
