package import Kernel
import Policy

/// What single kinds ask for beyond their table.
enum CaseGuards {
  static func opening(
    _ opened: Case, _ situation: CaseSituation, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    switch opened.kind {
    case .pairing: try pairing(opened, situation, policy: policy, on: today)
    case .adviserGroup: try group(opened, policy: policy, on: today)
    case .dutyMonth:
      throw DomainError.invalid("matter.kind", "a month of duty is arranged, not opened: the roster must stay fair")
    case .eventDeal where situation.parent?.state != "held":
      throw DomainError(.stateConflict, "cases/\(opened.parent) has not been held", field: "matter.parent")
    case .workOrder where situation.parent?.state != "active":
      throw DomainError(.stateConflict, "cases/\(opened.parent) is closed", field: "matter.parent")
    case .whiteListEntry, .listingEntry:
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
    case (.adviserGroup, "amend"): try group(next, policy: policy, on: today)
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
    let cap = try policy.parameter(
      "adviser.firms.cap", as: .integer, scope: PolicyScope(region: opened.region.text), on: today)
    guard Int64(situation.openSiblings) < cap.value else {
      throw DomainError(
        .limitExceeded, "the adviser serves \(situation.openSiblings) firms; at most \(cap.value)",
        field: "matter.parent",
        metadata: ["cap": String(cap.value), "rule": cap.citation.ruleID])
    }
    guard situation.openOfFirm == 0 else {
      throw DomainError(
        .resourceExists, "enterprises/\(opened.enterprise) has an adviser", field: "matter.enterprise")
    }
  }

  /// Ten advisers at most, one of whom leads (青金监〔2022〕31号 二(四)).
  private static func group(_ group: Case, policy: PolicyBook, on today: BusinessDate) throws(DomainError) {
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
