package import Kernel
import Policy

/// What single kinds ask for beyond their table.
enum CaseGuards {
  static func opening(
    _ opened: Case, _ situation: CaseSituation, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    switch opened.kind {
    case .pairing: try pairing(opened, situation, policy: policy, on: today)
    case .adviserGroup: try group(opened, situation, policy: policy, on: today)
    case .adviser where situation.openOfPerson > 0:
      throw DomainError(
        .resourceExists, "\(opened.organisation) has nominated \(opened.topic) before", field: "matter.fields.person")
    case .visit: try visit(opened, situation, on: today)
    case .sweep: try sweep(opened)
    case .chainTeam: try team(opened)
    case .dutyMonth:
      throw DomainError.invalid("matter.kind", "a month of duty is arranged, not opened: the roster must stay fair")
    case .report: throw DomainError.invalid("matter.kind", "a report is generated from the records, not opened")
    case .eventDeal where situation.parent?.state != "held":
      throw DomainError(.stateConflict, "cases/\(opened.parent) has not been held", field: "matter.parent")
    case .workOrder where situation.parent?.state != "active":
      throw DomainError(.stateConflict, "cases/\(opened.parent) is closed", field: "matter.parent")
    case .whiteListEntry, .listingEntry:
      if ["sci_tech_stage", "sci_tech_track"].contains(opened.topic), opened.fields["value"] == nil {
        throw DomainError(
          .requiredFieldMissing, "an entry of \(opened.topic) names the stage or the track",
          field: "matter.fields.value")
      }
      // The store has counted entries of the same list only.
      if situation.openOfFirm > 0 {
        throw DomainError(
          .resourceExists, "enterprises/\(opened.enterprise) is on the list \(opened.topic)", field: "matter.enterprise"
        )
      }
    case .firstLoanTarget: try target(opened, situation)
    case .renewal: try application(opened, situation, policy: policy, on: today)
    default: break
    }
  }

  static func acting(
    _ action: String, _ next: Case, _ situation: CaseSituation, policy: PolicyBook, caller: Caller,
    on today: BusinessDate
  ) throws(DomainError) {
    switch (next.kind, action) {
    case (.adviser, "renew"): try renewal(next, before: situation.current, policy: policy)
    case (.adviserGroup, "amend"): try group(next, situation, policy: policy, on: today)
    case (.adviserGroup, "note"), (.adviserGroup, "summary"), (.adviserGroup, "report"):
      try paper(action, next, situation)
    case (.adviser, "replace"): try succession(next, situation, policy: policy, on: today)
    case (.adviser, "end") where !situation.pairings.isEmpty:
      throw DomainError(
        .stateConflict, "the adviser serves \(situation.pairings.count) firms: replace it or release them first",
        field: "action")
    case (.listingEntry, "move") where situation.openOfFirm > 0:
      throw DomainError(
        .resourceExists, "enterprises/\(next.enterprise) is on the list \(next.topic)", field: "fields.list")
    case (.renewal, "sign"): try renewedInTime(next, policy: policy, on: today)
    case (.diligenceFile, "consent"):
      guard caller.role != .enterprise || caller.organisation == next.enterprise else {
        throw DomainError(.outOfScope, "only enterprises/\(next.enterprise) consents")
      }
    case (.diligenceFile, "reuse"):
      if let until = next.fields["valid_until"], try BusinessDate(iso: until) < today {
        throw DomainError(.policyConditionFailed, "the file was valid until \(until)", metadata: ["valid_until": until])
      }
    default: break
    }
  }

  /// 1 : 1–2 (青金监〔2022〕31号 二(二)): an adviser serves at most two firms, a firm has one adviser.
  private static func pairing(
    _ opened: Case, _ situation: CaseSituation, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    guard let adviser = situation.parent, adviser.state == "appointed", adviser.dueOn.map({ today <= $0 }) ?? true
    else {
      throw DomainError(.stateConflict, "cases/\(opened.parent) is not appointed on \(today)", field: "matter.parent")
    }
    try requireRoom(
      for: situation.openSiblings + 1, of: opened.region, field: "matter.parent", policy: policy, on: today)
    guard situation.openOfFirm == 0 else {
      throw DomainError(
        .resourceExists, "enterprises/\(opened.enterprise) has an adviser", field: "matter.enterprise")
    }
  }

  static func requireRoom(
    for firms: Int, of region: RegionCode, field: String, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    let cap = try policy.parameter(
      "adviser.firms.cap", as: .integer, scope: PolicyScope(region: region.text), on: today)
    guard Int64(firms) <= cap.value else {
      throw DomainError(
        .limitExceeded, "the adviser would serve \(firms) firms; at most \(cap.value)", field: field,
        metadata: ["cap": String(cap.value), "rule": cap.citation.ruleID])
    }
  }

  /// Ten advisers at most, one of whom leads; each is appointed and belongs to no other group (青金监〔2022〕31号 二(四)).
  private static func group(
    _ group: Case, _ situation: CaseSituation, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    if group.fields["type"] == "policy" {
      let stated = try policy.parameter(
        "adviser.policy_group", as: .boolean, scope: PolicyScope(region: group.region.text), on: today)
      guard stated.value else {
        throw DomainError(
          .policyConditionFailed, "there is no policy group here", field: "fields.type",
          metadata: ["rule": stated.citation.ruleID])
      }
    }
    let size = try policy.parameter(
      "adviser.group.size", as: .integer, scope: PolicyScope(region: group.region.text), on: today)
    let members = group.organisations("members")
    guard Int64(members.count) <= size.value else {
      throw DomainError(
        .limitExceeded, "a group has at most \(size.value) advisers, not \(members.count)", field: "fields.members",
        metadata: ["cap": String(size.value), "rule": size.citation.ruleID])
    }
    guard let leader = group.fields["leader"], members.contains(leader) else {
      throw DomainError.invalid("fields.leader", "the leader is one of the members")
    }
    let appointed = Set(situation.members.filter { $0.kind == .adviser && $0.state == "appointed" }.map(\.id))
    if let stranger = members.first(where: { !appointed.contains($0) }) {
      throw DomainError.invalid("fields.members", "cases/\(stranger) is no appointed adviser")
    }
    if let engaged = situation.engaged.first {
      throw DomainError(
        .resourceExists, "cases/\(engaged) belongs to another group", field: "fields.members",
        metadata: ["resource": "cases/\(engaged)"])
    }
  }

  /// 聘期一年，可续聘.
  private static func renewal(_ next: Case, before: Case?, policy: PolicyBook) throws(DomainError) {
    guard let text = next.fields["appointed_on"] else { return }
    let start = try BusinessDate(iso: text)
    let renewable = try policy.parameter(
      "adviser.term.renewable", as: .boolean, scope: PolicyScope(region: next.region.text), on: start)
    guard renewable.value else { throw DomainError(.policyConditionFailed, "appointments are not renewed here") }
    if let end = before?.dueOn, start <= end {
      throw DomainError(
        .invalidDate, "the present appointment lasts until \(end); the next begins after it",
        field: "fields.appointed_on")
    }
  }
}

package enum CaseScope {
  static func requireOpening(_ command: OpenCase, by caller: Caller) throws(DomainError) {
    switch caller.role {
    case .enterprise:
      guard command.enterprise.isEmpty || command.enterprise == caller.organisation else {
        throw outOfScope("enterprises/\(command.enterprise) is not \(caller.organisation)", caller)
      }
    case .institution:
      guard command.organisation.isEmpty || command.organisation == caller.organisation else {
        throw outOfScope("\(caller.organisation) may not open a case of \(command.organisation)", caller)
      }
      fallthrough
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      guard command.region.lies(in: caller.regionPrefix) else {
        throw outOfScope("region \(command.region) lies outside \(caller.regionPrefix)", caller)
      }
    }
  }

  /// - Throws: `OUT_OF_SCOPE`.
  package static func require(_ matter: Case, by caller: Caller) throws(DomainError) {
    guard sees(matter, caller) else {
      throw outOfScope("cases/\(matter.id) lies outside the scope of \(caller.organisation)", caller)
    }
  }

  /// A notice reaches everybody whose place lies in its region; everything else those whose region holds it.
  package static func sees(_ matter: Case, _ caller: Caller) -> Bool {
    if matter.openedBy == caller.organisation { return true }
    guard CaseTable.rule(matter.kind).seenBy.contains(caller.role) else { return false }
    switch caller.role {
    case .enterprise: return matter.enterprise == caller.organisation
    case .institution:
      if matter.organisation == caller.organisation { return true }
      // A due-diligence file that the firm shares is for every institution.
      let isShared = matter.kind == .diligenceFile && matter.state == "shared"
      return (CaseTable.rule(matter.kind).isForInstitutions || isShared) && touches(matter.region, caller.regionPrefix)
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      return matter.kind == .notice
        ? touches(matter.region, caller.regionPrefix) : matter.region.lies(in: caller.regionPrefix)
    }
  }

  /// What a case is tied to exists and is something that its opener may know of. Whoever may not is told what it would be told
  /// of something that does not exist.
  /// - Throws: `RESOURCE_NOT_FOUND`, `INVALID_ARGUMENT`, `OUT_OF_SCOPE`, naming the field.
  static func requireLinks(_ command: OpenCase, _ situation: CaseSituation, by caller: Caller) throws(DomainError) {
    func missing(_ name: String, _ field: String) -> DomainError {
      DomainError(.resourceNotFound, "\(name) does not exist", field: "matter.\(field)")
    }
    if !command.enterprise.isEmpty {
      guard let firm = situation.enterprise, (try? DemandScope.requireView(of: firm, by: caller)) != nil else {
        throw missing("enterprises/\(command.enterprise)", "enterprise")
      }
    }
    if !command.demand.isEmpty {
      guard let demand = situation.demand, DemandScope.sees(demand, caller) else {
        throw missing("demands/\(command.demand)", "demand")
      }
      guard command.enterprise.isEmpty || command.enterprise == demand.enterprise else {
        throw DomainError.invalid("matter.demand", "demands/\(demand.id) is not of enterprises/\(command.enterprise)")
      }
      if command.kind == .collateralTask { try requireHolder(of: demand, caller) }
    }
    if command.parent.isEmpty { return }
    let wanted = CaseTable.rule(command.kind).parent
    guard let parent = situation.parent, parent.kind == wanted, mayJoin(parent, command, caller) else {
      throw missing("\(wanted?.rawValue ?? "parent") cases/\(command.parent)", "parent")
    }
  }

  /// Collateral is registered for whoever has the demand: its claimant, a member of the joint credit.
  private static func requireHolder(of demand: Demand, _ caller: Caller) throws(DomainError) {
    guard caller.role == .institution else { return }
    let isMember = demand.handling.members.contains { $0.institution == caller.organisation && $0.state == .joined }
    guard demand.claim?.institution == caller.organisation || isMember else {
      throw DomainError(
        .outOfScope, "\(caller.organisation) has not claimed demands/\(demand.id)", field: "matter.demand",
        metadata: ["institution": caller.organisation])
    }
  }

  /// What belongs to a place as a whole, a park, an event, a sweep, an adviser, is also for those of a part of it.
  private static func mayJoin(_ parent: Case, _ command: OpenCase, _ caller: Caller) -> Bool {
    if sees(parent, caller) { return true }
    switch caller.role {
    case .enterprise:
      return parent.kind == .park && command.region.lies(in: parent.region.reach)
        || parent.kind == .pairing && parent.enterprise == caller.organisation
    case .institution: return parent.accounts.contains(caller.organisation)
    case .adviser: return parent.accounts.contains(caller.organisation) && touches(parent.region, caller.regionPrefix)
    case .gridWorker, .regulator, .analyst, .operator, .service:
      return CaseTable.rule(parent.kind).seenBy.contains(caller.role) && touches(parent.region, caller.regionPrefix)
    }
  }

  private static func touches(_ region: RegionCode, _ prefix: String) -> Bool {
    region.reach.hasPrefix(prefix) || prefix.hasPrefix(region.reach)
  }

  private static func outOfScope(_ message: String, _ caller: Caller) -> DomainError {
    DomainError(
      .outOfScope, message,
      metadata: ["organisation": caller.organisation, "role": caller.role.rawValue, "region": caller.regionPrefix])
  }
}

extension RegionCode {
  /// The prefix of everything in it: "37" of 370000, "3703" of 370300, the code itself otherwise.
  package var reach: String {
    guard text.utf8.count == 6 else { return text }
    if text.hasSuffix("0000") { return province }
    return text.hasSuffix("00") ? city : text
  }
}
