import Kernel
import Policy

extension CaseGuards {
  /// An adviser acts in its own pairings and questions, the advisers of a group in the group's.
  /// - Throws: `OUT_OF_SCOPE`.
  static func requireOwn(_ current: Case, _ situation: CaseSituation, _ caller: Caller) throws(DomainError) {
    guard caller.role == .adviser || caller.role == .institution else { return }
    let own: [Case] =
      switch (current.kind, current.state) {
      case (.adviserGroup, _), (.question, "group"): situation.members
      default: situation.adviser.map { [$0] } ?? []
      }
    guard own.contains(where: { $0.accounts.contains(caller.organisation) }) else {
      throw DomainError(
        .outOfScope, "cases/\(current.id) is another adviser's", metadata: ["organisation": caller.organisation])
    }
  }

  /// Month end a work note, quarter end a summary, year end a report (青金监〔2022〕31号 三(三)), each once.
  static func paper(_ action: String, _ next: Case, _ situation: CaseSituation) throws(DomainError) {
    let period = try ReportPeriod(next.fields["period"] ?? "", field: "fields.period")
    let wanted: [String: ReportPeriod.Length] = ["note": .month, "summary": .quarter, "report": .year]
    guard wanted[action] == period.length else {
      throw DomainError.invalid("fields.period", "\(action) is of a \(wanted[action]?.rawValue ?? "period")")
    }
    guard !situation.hasPeriod else {
      throw DomainError(.resourceExists, "there is a \(action) of \(period.text)", field: "fields.period")
    }
  }

  /// 更换: the firms go to another appointed adviser, who has room for them.
  static func succession(
    _ next: Case, _ situation: CaseSituation, policy: PolicyBook, on today: BusinessDate
  ) throws(DomainError) {
    guard let successor = situation.successor, successor.kind == .adviser, successor.id != next.id,
      successor.state == "appointed", successor.dueOn.map({ today <= $0 }) ?? true
    else {
      throw DomainError.invalid(
        "fields.successor", "\(next.fields["successor"] ?? "") is no other adviser who is appointed on \(today)")
    }
    try requireRoom(
      for: situation.firmsOfSuccessor + situation.pairings.count, of: next.region, field: "fields.successor",
      policy: policy, on: today)
  }
}
