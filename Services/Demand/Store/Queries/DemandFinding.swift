import DemandDomain
import Kernel
import Storage

/// Full text: demands that have every pair of the words, then those that have the words themselves.
enum DemandFinding {
  static func find(_ search: DemandSearch, for caller: Caller, _ session: ReadSession) throws -> [Listed<Demand>] {
    let last = try DemandRows.last(session)
    let settled = PairRows.settled(last: last)
    var after = search.query.after ?? 0
    var found: [Listed<Demand>] = []
    while after < settled, found.count < search.query.limit {
      let (numbers, upTo) = try PairRows.find(search.pairs, after: after, settled: settled, session)
      try take(numbers, search, caller, session, into: &found)
      after = upTo
    }
    if found.count < search.query.limit {
      try take(try recent(search, after: max(after, settled), session), search, caller, session, into: &found)
    }
    return found
  }

  /// Demands whose block of the index is not written yet: their texts are looked at themselves.
  private static func recent(_ search: DemandSearch, after: Int64, _ session: ReadSession) throws -> [Int64] {
    let words = search.words.map { _ in "instr(lower(purpose), ?) > 0" }.joined(separator: " AND ")
    return try session.query(
      """
      SELECT number FROM demands
      WHERE number > ? AND ((\(words)) OR instr(coalesce(handling, ''), '"notes"') > 0) ORDER BY number
      """, [.integer(after)] + search.words.map(SQLValue.text)
    ) { try $0.int64(0) }
  }

  /// Those of the numbers that the query's other conditions and the words admit.
  private static func take(
    _ numbers: [Int64], _ search: DemandSearch, _ caller: Caller, _ session: ReadSession,
    into found: inout [Listed<Demand>]
  ) throws {
    var (conditions, arguments) = DemandListing.conditions(search.query)
    if let target = search.query.targetInstitution {
      conditions.append("EXISTS (SELECT 1 FROM demand_targets t WHERE t.organisation = ? AND t.demand = d.number)")
      arguments.append(.text(target))
    }
    var start = 0
    while start < numbers.count, found.count < search.query.limit {
      let some = numbers[start..<min(start + Self.lookedAt, numbers.count)]
      start += some.count
      let marks = some.map { _ in "?" }.joined(separator: ", ")
      let filter = (["d.number IN (\(marks))"] + conditions.map(Self.unindexed)).joined(separator: " AND ")
      let heads = try session.query(
        "SELECT \(DemandRows.pageColumns) FROM demands d WHERE \(filter) ORDER BY d.number",
        some.map { .integer($0) } + arguments, DemandRows.head)
      try take(heads, search, caller, session, into: &found)
    }
  }

  /// The numbers are the way to the rows; no index of another column is.
  private static func unindexed(_ condition: String) -> String {
    guard condition.hasPrefix("d."), condition.hasSuffix(" = ?") else { return "(\(condition))" }
    return "(\(condition.dropLast(4)) || '') = ?"
  }

  /// Hits of one query: a search in a narrow place passes over most of them.
  private static let lookedAt = 64

  private static func take(
    _ heads: [DemandRows.Head], _ search: DemandSearch, _ caller: Caller, _ session: ReadSession,
    into found: inout [Listed<Demand>]
  ) throws {
    for head in heads where found.count < search.query.limit {
      let listed = try DemandRows.complete(head, session)
      // Only what the reader may see is searched: another institution's note does not give a demand away.
      if let view = try? DemandScope.view(listed.item, for: caller), search.matches(view) { found.append(listed) }
    }
  }
}
