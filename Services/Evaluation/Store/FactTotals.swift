import EvaluationDomain
import Kernel
import Storage

/// What a batch of values adds to the running totals: one entry for each indicator, period and group.
struct FactTotals {
  struct Key: Hashable {
    var indicator: Int64
    var period: Int64
    var group: Int64
  }

  struct Change {
    var facts: Int64 = 0
    var sum = SplitSum()
  }

  private(set) var changes: [Key: Change] = [:]

  /// - Parameter replaced: the value that the new one takes the place of.
  mutating func add(_ value: Int64, replacing replaced: Int64?, _ key: Key) throws(DomainError) {
    var change = changes[key] ?? Change()
    try change.sum.add(value)
    if let replaced {
      try change.sum.subtract(replaced)
    } else {
      change.facts += 1
    }
    changes[key] = change
  }

  func record(_ session: WriteSession) throws {
    // In the order of the table: neighbours are on one page.
    let ordered = changes.sorted {
      ($0.key.indicator, $0.key.period, $0.key.group) < ($1.key.indicator, $1.key.period, $1.key.group)
    }
    for (key, change) in ordered {
      try session.execute(
        Self.upsert,
        [
          .integer(key.indicator), .integer(key.period % 10_000), .integer(key.period), .integer(key.group),
          .integer(change.facts), .integer(change.sum.high), .integer(change.sum.low),
        ])
    }
  }

  private static let upsert = """
    INSERT INTO fact_total (indicator_key, months, period_code, group_key, facts, high, low)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (indicator_key, months, period_code, group_key) DO UPDATE SET
      facts = fact_total.facts + excluded.facts, high = fact_total.high + excluded.high,
      low = fact_total.low + excluded.low
    """
}

enum TotalSQL {
  /// The group an institution belongs to, made when it is the first of it.
  static func group(_ institution: Institution, _ session: WriteSession) throws -> Int64 {
    let place: [SQLValue] = [
      .text(institution.regionCode), .text(institution.peerGroup), .text(institution.type),
    ]
    func find() throws -> Int64? {
      try session.first(
        "SELECT group_key FROM fact_group WHERE region_code = ? AND peer_group = ? AND type = ?", place
      ) { try $0.int64(0) }
    }
    if let known = try find() { return known }
    try session.execute("INSERT INTO fact_group (region_code, peer_group, type) VALUES (?, ?, ?)", place)
    guard let made = try find() else { throw StorageError(.misuse, "the group was not inserted") }
    return made
  }

  /// Takes an institution's values from the totals of where it was to those of where it is.
  static func move(_ before: Institution, to after: Institution, _ session: WriteSession) throws {
    let (old, new) = (try group(before, session), try group(after, session))
    if old == new { return }
    try session.execute(
      """
      UPDATE fact_total SET facts = fact_total.facts - 1, high = fact_total.high - moved.high,
        low = fact_total.low - moved.low
      FROM (\(values)) AS moved
      WHERE fact_total.indicator_key = moved.indicator_key AND fact_total.period_code = moved.period_code
        AND fact_total.months = moved.months AND fact_total.group_key = ?
      """, [.text(after.id), .integer(old)])
    try session.execute(
      """
      INSERT INTO fact_total (indicator_key, months, period_code, group_key, facts, high, low)
      SELECT indicator_key, months, period_code, ?, 1, high, low FROM (\(values)) AS moved WHERE true
      ON CONFLICT (indicator_key, months, period_code, group_key) DO UPDATE SET
        facts = fact_total.facts + excluded.facts, high = fact_total.high + excluded.high,
        low = fact_total.low + excluded.low
      """, [.integer(new), .text(after.id)])
    try session.execute("DELETE FROM fact_total WHERE group_key = ? AND facts = 0", [.integer(old)])
  }

  /// An institution's values as the totals hold them: found through the dictionary, because facts lie by indicator.
  private static let values = """
    SELECT fact.indicator_key, fact.period_code % 10000 AS months, fact.period_code, fact.value >> 32 AS high,
      fact.value & 4294967295 AS low
    FROM indicator JOIN fact ON fact.indicator_key = indicator.indicator_key
    WHERE fact.institution_key = (SELECT institution_key FROM institution WHERE id = ?)
    """
}
