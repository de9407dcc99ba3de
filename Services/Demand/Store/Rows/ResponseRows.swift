import DemandDomain
import Kernel
import Storage

/// How fast institutions answered, one row per claim, and the deadlines that were missed.
enum ResponseRows {
  static func claimed(_ demand: Demand, _ number: Int64, _ session: WriteSession) throws {
    guard let claim = demand.claim, let pushedAt = demand.handling.pushedAt else { return }
    let position = try session.first(
      "SELECT count(*) FROM demand_responses WHERE demand = ?", [.integer(number)]
    ) { try $0.int64(0) }
    try session.execute(
      """
      INSERT INTO demand_responses (demand, position, institution, pushed_micros, claimed_micros) VALUES (?, ?, ?, ?, ?)
      """,
      [.integer(number), .integer(position ?? 0), .text(claim.institution), .time(pushedAt), .time(claim.at)])
  }

  static func contacted(_ instant: Instant, _ number: Int64, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE demand_responses SET contacted_micros = ?
      WHERE demand = ? AND position = (SELECT max(position) FROM demand_responses WHERE demand = ?)
      """, [.time(instant), .integer(number), .integer(number)])
  }

  static func decided(_ instant: Instant, _ number: Int64, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE demand_responses SET decided_micros = ?
      WHERE demand = ? AND position = (SELECT max(position) FROM demand_responses WHERE demand = ?)
      """, [.time(instant), .integer(number), .integer(number)])
  }

  static func missed(_ missed: MissedClock, _ demand: Demand, _ number: Int64, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO demand_missed_clocks (demand, position, kind, due_day, institution) VALUES (?, ?, ?, ?, ?)",
      [
        .integer(number), .integer(Int64(demand.handling.missed.count - 1)), .text(missed.kind.rawValue),
        .day(missed.dueOn), .text(missed.institution),
      ])
  }
}
