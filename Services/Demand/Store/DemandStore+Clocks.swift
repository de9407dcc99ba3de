package import DemandDomain
package import Kernel
import Policy
import Storage

extension DemandStore: ClockLedger {
  package func advance(
    _ command: AdvanceClocks, envelope: CommandEnvelope,
    encode: @escaping @Sendable (AdvancedClocks) throws -> [UInt8]
  ) async throws -> CommandReply<AdvancedClocks> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try Self.advance(command, policy: policy, caller: envelope.caller, now: envelope.now, session)
    }
  }

  package func advance(_ command: AdvanceClocks, now: Instant) async throws -> AdvancedClocks {
    try await store.write(at: now) { [policy] session in
      try Self.advance(command, policy: policy, caller: Self.clock, now: now, session)
    }
  }

  /// Who records missed deadlines when nobody asks.
  private static let clock = Caller(organisation: "huirong", role: .service, regionPrefix: "", subject: "clocks")

  private static func advance(
    _ command: AdvanceClocks, policy: PolicyBook, caller: Caller, now: Instant, _ session: WriteSession
  ) throws -> AdvancedClocks {
    try command.requirePast(now)
    var settled = try DueDays.settle(policy, limit: command.limit, session)
    let due = try DueDays.past(command.asOf, in: caller.regionPrefix, limit: command.limit + 1, session)
    let transaction = DemandTransaction(session: session, policy: policy, caller: caller, now: now)
    var demands: [String] = []
    for id in due.prefix(command.limit)
    where try DueDays.isMissed(id, before: command.asOf, policy: policy, session) {
      _ = try transaction.run(.miss(MissClocks(demand: id, asOf: command.asOf)))
      demands.append(id)
    }
    let cases = try CaseClockRows.missed(
      before: command.asOf, in: caller.regionPrefix, limit: command.limit + 1, session)
    let other = CaseTransaction(session: session, policy: policy, caller: caller, now: now)
    var missed: [String] = []
    for id in cases.prefix(command.limit) where try other.miss(id, asOf: command.asOf) { missed.append(id) }
    settled = settled && due.count <= command.limit && cases.count <= command.limit
    return AdvancedClocks(demands: demands, cases: missed, more: !settled)
  }
}

/// The days on which demands are next due, as their rows keep them. A row is written under the packs of its day; packs that were
/// changed since, a longer deadline or a year's holidays, change it too.
enum DueDays {
  static func past(
    _ day: BusinessDate, in prefix: String, limit: Int, _ session: ReadSession
  ) throws -> [String] {
    try session.query(
      """
      SELECT id FROM demands WHERE due_day < ? AND region_code >= ? AND region_code < ?
      ORDER BY due_day, number LIMIT ?
      """, [.day(day), .text(prefix), .text(prefix + ":"), .integer(Int64(limit))]
    ) { try $0.text(0) }
  }

  /// Whether a deadline of the demand lies before the day under the packs of now. Writes the day that the packs say.
  static func isMissed(
    _ id: String, before day: BusinessDate, policy: PolicyBook, _ session: WriteSession
  ) throws -> Bool {
    guard let loaded = try DemandRows.load(id, session) else { return false }
    let next = try rewrite(loaded, policy, session)
    return next.map { $0 < day } ?? false
  }

  /// Rewrites the days of demands whose clocks run, once for each change of the packs, at most `limit` in one transaction.
  /// - Returns: whether all are written under these packs.
  static func settle(_ policy: PolicyBook, limit: Int, _ session: WriteSession) throws -> Bool {
    let kept = try session.first("SELECT digest, number FROM due_policy") { (try $0.text(0), try $0.int64(1)) }
    let start = kept.flatMap { $0.0 == policy.digest ? $0.1 : nil } ?? 0
    if start == Int64.max { return true }
    let running = try running(after: start, limit: limit, session)
    for id in running.map(\.id) {
      if let loaded = try DemandRows.load(id, session) { _ = try rewrite(loaded, policy, session) }
    }
    let reached = running.count < limit ? Int64.max : running.last?.number ?? Int64.max
    try session.execute(
      """
      INSERT INTO due_policy (name, digest, number) VALUES ('demands', ?, ?)
      ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, number = excluded.number
      """, [.text(policy.digest), .integer(reached)])
    return reached == Int64.max
  }

  /// Demands in the states whose clocks run, each a range of the index of mode and state.
  private static func running(
    after: Int64, limit: Int, _ session: ReadSession
  ) throws -> [(number: Int64, id: String)] {
    let states: [DemandState] = [.pushed, .claimed, .offered]
    var values: [SQLValue] = []
    let parts = PushMode.allCases.flatMap { mode in
      states.map { state in
        values += [.text(mode.rawValue), .text(state.rawValue), .integer(after), .integer(Int64(limit))]
        return """
          SELECT number FROM (SELECT number FROM demands WHERE push_mode = ? AND state = ? AND number > ?
            ORDER BY number LIMIT ?)
          """
      }
    }
    return try session.query(
      """
      SELECT number, id FROM demands WHERE number IN
        (SELECT number FROM (\(parts.joined(separator: " UNION ALL "))) ORDER BY number LIMIT ?)
      ORDER BY number
      """, values + [.integer(Int64(limit))]
    ) { (number: try $0.int64(0), id: try $0.text(1)) }
  }

  /// A year whose holidays are not entered has no deadlines to miss yet.
  static func next(_ demand: Demand, _ policy: PolicyBook) throws -> BusinessDate? {
    do {
      return try DemandClocks.nextDue(demand, policy: policy)
    } catch {
      if error.reason == .policyNotStated { return nil }
      throw error
    }
  }

  private static func rewrite(
    _ loaded: Listed<Demand>, _ policy: PolicyBook, _ session: WriteSession
  ) throws -> BusinessDate? {
    let next = try next(loaded.item, policy)
    try session.execute(
      "UPDATE demands SET due_day = ? WHERE number = ? AND due_day IS NOT ?",
      [.day(next), .integer(loaded.position), .day(next)])
    return next
  }
}
