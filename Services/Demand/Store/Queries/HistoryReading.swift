import DemandDomain
import Kernel
import Storage

/// Events of one demand or one firm, found by the sequences that its row and its list of events hold.
enum HistoryReading {
  /// A page ends here even when its limit allows more, so that one answer stays a bounded message.
  private static let maximumWeight = 2 << 20

  private static let demand = """
    SELECT first_sequence AS sequence FROM demands WHERE id = ? AND first_sequence IS NOT NULL
    UNION ALL SELECT e.sequence FROM demand_events e JOIN demands d ON d.number = e.demand WHERE d.id = ?
    """
  private static let enterprise = """
    SELECT first_sequence AS sequence FROM enterprises WHERE id = ? AND first_sequence IS NOT NULL
    UNION ALL SELECT e.sequence FROM enterprise_events e JOIN enterprises f ON f.number = e.enterprise WHERE f.id = ?
    """

  static func ofDemand(
    _ id: String, after sequence: Int64, limit: Int, _ session: ReadSession
  ) throws -> HistoryPage {
    try page(demand, "demands/\(id)", id, sequence, limit, session)
  }

  static func ofEnterprise(
    _ id: String, after sequence: Int64, limit: Int, _ session: ReadSession
  ) throws -> HistoryPage {
    try page(enterprise, "enterprises/\(id)", id, sequence, limit, session)
  }

  private static func page(
    _ sequences: String, _ name: String, _ id: String, _ after: Int64, _ limit: Int, _ session: ReadSession
  ) throws -> HistoryPage {
    var entries: [LogEntry] = []
    var weight = 0
    var more = false
    try session.scan(
      """
      SELECT \(columns) FROM (\(sequences)) s JOIN storage_event v ON v.sequence = s.sequence
      WHERE s.sequence > ? ORDER BY s.sequence LIMIT ?
      """, [.text(id), .text(id), .integer(after), .integer(Int64(limit + 1))]
    ) { row in
      if entries.count == limit || weight >= maximumWeight {
        more = true
        return false
      }
      let found = try Self.row(row)
      weight += found.payload.count
      entries.append(try LogCodec.decode(found))
      return true
    }
    if entries.isEmpty, after == 0 { throw DomainError.notFound(name) }
    return HistoryPage(entries: entries, more: more)
  }

  /// Two entries at most: the last one up to the moment, which has the demand, and the last judgement, which has the rules.
  static func demand(_ id: String, at moment: HistoryMoment, _ session: ReadSession) throws -> Demand? {
    let condition: String
    let limit: Int64
    switch moment {
    case .sequence(let sequence): (condition, limit) = ("s.sequence <= ?", sequence)
    case .time(let time): (condition, limit) = ("v.commit_time_micros <= ?", time.microseconds)
    }
    let last = try session.first(
      """
      SELECT \(columns) FROM (\(demand)) s JOIN storage_event v ON v.sequence = s.sequence
      WHERE \(condition) ORDER BY s.sequence DESC LIMIT 1
      """, [.text(id), .text(id), .integer(limit)], row)
    guard let last, case .demand(_, _, var found) = try LogCodec.decode(last).content else { return nil }
    guard found.assessment != nil else { return found }
    let judged = try session.first(
      """
      SELECT \(columns) FROM (\(demand)) s JOIN storage_event v ON v.sequence = s.sequence
      WHERE s.sequence <= ? AND v.type = 'demand.assessed' ORDER BY s.sequence DESC LIMIT 1
      """, [.text(id), .text(id), .integer(last.sequence)], row)
    if let judged, case .demand(.assessed(let assessment, _), _, _) = try LogCodec.decode(judged).content {
      found.assessment?.rules = assessment.rules
    }
    return found
  }

  private static let columns = "v.sequence, v.commit_time_micros, v.type, v.subject, v.actor, v.payload, v.hash"

  private static func row(_ row: Row) throws -> LogRow {
    LogRow(
      sequence: try row.int64(0), committedAt: Instant(microseconds: try row.int64(1)), type: try row.text(2),
      subject: try row.text(3), actor: try row.text(4), payload: try row.blob(5), hash: try row.blob(6))
  }
}
