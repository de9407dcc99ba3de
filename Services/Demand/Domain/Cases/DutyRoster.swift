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

  /// Banks serve in rounds: whoever has not served in the present round goes first, who served longest ago before others, then
  /// the order given. So nobody serves again before all have, and whoever joins waits like the others once it has served. Of
  /// those who serve in a month whoever has led the smallest share of its months leads.
  /// - Parameters:
  ///   - roster: the region's months of duty, any order.
  ///   - leadBanks: lead banks of the chains that have a team in the region.
  /// - Throws: `ROLE_NOT_ALLOWED`, `OUT_OF_SCOPE`, `RESOURCE_EXISTS` for a month that is arranged, `STATE_CONFLICT` for one that
  ///   does not follow the last, `INVALID_ARGUMENT` for a bank that leads no chain, `POLICY_NOT_STATED`.
  package func decide(
    _ roster: [Case], leadBanks: Set<String>, policy: PolicyBook, caller: Caller, now: Instant
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
    if let last = roster.map(\.topic).max() {
      let next = Self.month(after: last)
      guard next == nil || next == period else {
        throw DomainError(
          .stateConflict, "the month after \(last) is \(next ?? ""), not \(period)", field: "month",
          metadata: ["next": next ?? ""])
      }
    }
    if let index = banks.firstIndex(where: { !leadBanks.contains($0) }) {
      throw DomainError.invalid("banks[\(index)]", "\(banks[index]) leads no chain that has a team in \(region)")
    }
    let scope = PolicyScope(region: region.text)
    let leads = try policy.parameter("duty_bank.lead.count", as: .integer, scope: scope, on: firstDay).value
    let others = try policy.parameter("duty_bank.participating.count", as: .integer, scope: scope, on: firstDay).value
    guard leads >= 0, others >= 0, let wanted = Int(exactly: leads + others), wanted <= banks.count else {
      throw DomainError.invalid("banks", "a month needs \(leads) leading and \(others) participating banks")
    }
    let serving = Rounds(roster).serving(banks, wanted)
    let leading = Rounds(roster).leading(serving, Int(leads))
    let lead = leading.joined(separator: ",")
    let participating = serving.filter { !leading.contains($0) }.joined(separator: ",")
    return Case(
      id: id, kind: .dutyMonth, state: CaseTable.rule(.dutyMonth).first, region: region, title: "\(period) 轮值行",
      enterprise: "", organisation: "", demand: "", parent: "",
      fields: ["month": period, "lead": lead, "participating": participating], dueOn: nil, steps: [],
      openedBy: caller.organisation, clientID: "", createdAt: now, updatedAt: now, revision: 1)
  }

  /// The month after "2025-12"; `nil` when the text is no month.
  private static func month(after text: String) -> String? {
    guard let period = try? ReportPeriod(text, field: "month"), period.length == .month,
      let next = try? period.to.adding(days: 1)
    else { return nil }
    return "\(next.year)-\(next.month < 10 ? "0" : "")\(next.month)"
  }
}

/// What the months before say of who serves next.
private struct Rounds {
  /// Those who have served in the present round.
  private var served: Set<String> = []
  private var lastServed: [String: String] = [:]
  private var lastLed: [String: String] = [:]
  private var months: [String: Int] = [:]
  private var led: [String: Int] = [:]

  init(_ roster: [Case]) {
    for duty in roster.sorted(by: { $0.topic < $1.topic }) {
      let leading = duty.organisations("lead")
      let all = Set(leading + duty.organisations("participating"))
      // A month in which somebody serves again begins the next round; those who complete the last one are not of it.
      let again = all.intersection(served)
      served = again.isEmpty ? served.union(all) : again
      for bank in all {
        months[bank, default: 0] += 1
        lastServed[bank] = duty.topic
      }
      for bank in leading {
        led[bank, default: 0] += 1
        lastLed[bank] = duty.topic
      }
    }
  }

  func serving(_ banks: [String], _ count: Int) -> [String] {
    let order = banks.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      let (isServed, isOther) = (served.contains(a), served.contains(b))
      if isServed != isOther { return !isServed }
      let (last, other) = (lastServed[a] ?? "", lastServed[b] ?? "")
      return last == other ? left.offset < right.offset : last < other
    }
    return order.prefix(count).map(\.element)
  }

  func leading(_ banks: [String], _ count: Int) -> [String] {
    let order = banks.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      // Shares, compared without dividing; whoever has never served has led nothing of nothing.
      let (share, other) = (
        led[a, default: 0] * max(1, months[b, default: 0]), led[b, default: 0] * max(1, months[a, default: 0])
      )
      if share != other { return share < other }
      let (last, otherLast) = (lastLed[a] ?? "", lastLed[b] ?? "")
      return last == otherLast ? left.offset < right.offset : last < otherLast
    }
    return order.prefix(count).map(\.element)
  }
}
