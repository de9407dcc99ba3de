package import Kernel
package import Policy

/// 轮值行: every month one lead bank and one participating bank out of the chains' lead banks (淄金稳办发〔2023〕11号 三(二)).
package struct ArrangeDuty: Sendable, Hashable {
  package static let banks = 2...200

  package var id: String
  package var region: RegionCode
  package var year: Int
  package var month: Int
  package var banks: [String]

  /// - Throws: `INVALID_ARGUMENT`, naming the field.
  package init(id: String, region: RegionCode, year: Int, month: Int, banks: [String]) throws(DomainError) {
    guard (2000...2199).contains(year) else { throw DomainError.invalid("year", "is 2000 to 2199") }
    guard (1...12).contains(month) else { throw DomainError.invalid("month", "is 1 to 12") }
    guard Self.banks.contains(banks.count), Set(banks).count == banks.count else {
      throw DomainError.invalid("banks", "are 2 to 200, each once")
    }
    for (index, bank) in banks.enumerated() {
      _ = try ActingInstitution.organisation(bank, field: "banks[\(index)]")
    }
    self.id = id
    self.region = region
    self.year = year
    self.month = month
    self.banks = banks
  }

  package var period: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }

  /// Who served less this year goes first; among equals who served longest ago, then the order given. So nobody serves again
  /// before all have served, and over the year the counts differ by at most one.
  /// - Parameter roster: the region's months of duty, any order.
  /// - Throws: `ROLE_NOT_ALLOWED`, `OUT_OF_SCOPE`, `RESOURCE_EXISTS` for a month that is arranged, `POLICY_NOT_STATED`.
  package func decide(
    _ roster: [Case], policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> Case {
    guard CaseTable.rule(.dutyMonth).opens.contains(caller.role) else { throw .caseRole(.dutyMonth, "arrange", caller) }
    guard region.lies(in: caller.regionPrefix) else {
      throw DomainError(.outOfScope, "region \(region) lies outside \(caller.regionPrefix)", field: "region_code")
    }
    if let known = roster.first(where: { $0.topic == period }) {
      throw DomainError(
        .resourceExists, "\(period) is arranged", field: "month", metadata: ["resource": "cases/\(known.id)"])
    }
    let firstDay = try BusinessDate(year: year, month: month, day: 1)
    let scope = PolicyScope(region: region.text)
    let leads = try policy.parameter("duty_bank.lead.count", as: .integer, scope: scope, on: firstDay).value
    let others = try policy.parameter("duty_bank.participating.count", as: .integer, scope: scope, on: firstDay).value
    guard leads >= 0, others >= 0, let wanted = Int(exactly: leads + others), wanted <= banks.count else {
      throw DomainError.invalid("banks", "a month needs \(leads) leading and \(others) participating banks")
    }
    let served = order(roster).prefix(wanted)
    let lead = served.prefix(Int(leads)).joined(separator: ",")
    let participating = served.dropFirst(Int(leads)).joined(separator: ",")
    return Case(
      id: id, kind: .dutyMonth, state: CaseTable.rule(.dutyMonth).first, region: region, title: "\(period) 轮值行",
      enterprise: "", organisation: "", demand: "", parent: "",
      fields: ["month": period, "lead": lead, "participating": participating], dueOn: nil, steps: [],
      openedBy: caller.organisation, clientID: "", createdAt: now, updatedAt: now, revision: 1)
  }

  private func order(_ roster: [Case]) -> [String] {
    var count: [String: Int] = [:]
    var last: [String: String] = [:]
    for duty in roster where duty.topic < period {
      for bank in duty.organisations("lead") + duty.organisations("participating") {
        if duty.topic.hasPrefix("\(year)-") { count[bank, default: 0] += 1 }
        last[bank] = max(last[bank] ?? "", duty.topic)
      }
    }
    return banks.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if count[a, default: 0] != count[b, default: 0] { return count[a, default: 0] < count[b, default: 0] }
      if last[a, default: ""] != last[b, default: ""] { return last[a, default: ""] < last[b, default: ""] }
      return left.offset < right.offset
    }.map(\.element)
  }
}
