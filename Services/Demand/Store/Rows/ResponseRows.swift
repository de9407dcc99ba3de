import DemandDomain
import Kernel
import Storage

/// How fast institutions answered, one row per claim, and the deadlines that were missed.
enum ResponseRows {
  static func claimed(_ institution: String, _ demand: Demand, _ number: Int64, _ session: WriteSession) throws {
    guard let pushedAt = demand.handling.pushedAt else { return }
    let position = try session.first(
      "SELECT count(*) FROM demand_responses WHERE demand = ?", [.integer(number)]
    ) { try $0.int64(0) }
    try session.execute(
      """
      INSERT INTO demand_responses (demand, position, institution, pushed_micros, claimed_micros) VALUES (?, ?, ?, ?, ?)
      """,
      [
        .integer(number), .integer(position ?? 0), .text(institution), .time(pushedAt), .time(demand.updatedAt),
      ])
  }

  static func contacted(
    _ institution: String, _ instant: Instant, _ number: Int64, _ session: WriteSession
  ) throws {
    try session.execute(
      "UPDATE demand_responses SET contacted_micros = ? WHERE \(latest)",
      [.time(instant), .integer(number), .integer(number), .text(institution)])
  }

  static func decided(_ institution: String, _ instant: Instant, _ number: Int64, _ session: WriteSession) throws {
    try session.execute(
      "UPDATE demand_responses SET decided_micros = ? WHERE \(latest)",
      [.time(instant), .integer(number), .integer(number), .text(institution)])
  }

  /// The institution's last claim of a demand.
  private static let latest = """
    demand = ? AND position = (SELECT max(position) FROM demand_responses WHERE demand = ? AND institution = ?)
    """

  static func missed(_ missed: MissedClock, _ demand: Demand, _ number: Int64, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO demand_missed_clocks (demand, position, kind, due_day, institution) VALUES (?, ?, ?, ?, ?)",
      [
        .integer(number), .integer(Int64(demand.handling.missed.count - 1)), .text(missed.kind.rawValue),
        .day(missed.dueOn), .text(missed.institution),
      ])
  }
}

extension Demand {
  /// Whether the institution has claimed it and neither offered nor refused.
  func awaitsDecision(of institution: String) -> Bool {
    if let claim { return claim.institution == institution && handling.decidedAt == nil }
    return handling.taker(institution).map { $0.offer == nil } ?? false
  }
}
