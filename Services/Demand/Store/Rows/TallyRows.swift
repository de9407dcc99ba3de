import DemandDomain
import Kernel
import Storage

/// Counts and sums by full region code.
enum TallyRows {
  static func add(_ delta: DemandTally, region: RegionCode, _ session: WriteSession) throws {
    let states = Set(delta.current.keys).union(delta.reached.keys)
    for state in states {
      let (current, reached) = (delta.current[state] ?? 0, delta.reached[state] ?? 0)
      if current == 0 && reached == 0 { continue }
      try addCount(region.text, state, current, reached, session)
    }
    for (currency, amounts) in delta.amounts { try addSums(region.text, currency, amounts, session) }
  }

  /// Changed before inserted: the row of a negative delta is always there, and its CHECK would refuse it as a new one.
  private static func addCount(
    _ region: String, _ state: DemandState, _ current: Int64, _ reached: Int64, _ session: WriteSession
  ) throws {
    let changed = try session.execute(
      "UPDATE demand_counts SET current = current + ?, reached = reached + ? WHERE region_code = ? AND state = ?",
      [.integer(current), .integer(reached), .text(region), .text(state.rawValue)])
    if changed > 0 { return }
    try session.execute(
      "INSERT INTO demand_counts (region_code, state, current, reached) VALUES (?, ?, ?, ?)",
      [.text(region), .text(state.rawValue), .integer(current), .integer(reached)])
  }

  /// Added up in SQL where the sums surely fit, and otherwise here, so that a sum that does not fit is an error with a name.
  private static func addSums(
    _ region: String, _ currency: Currency, _ amounts: AmountTally, _ session: WriteSession
  ) throws {
    let key: [SQLValue] = [.text(region), .text(currency.code)]
    let added: [SQLValue] = [
      .integer(amounts.wanted), .integer(amounts.granted), .integer(amounts.signed), .integer(amounts.disbursed),
    ]
    let changed = try session.execute(
      """
      UPDATE demand_sums SET wanted_minor = wanted_minor + ?, granted_minor = granted_minor + ?,
        signed_minor = signed_minor + ?, disbursed_minor = disbursed_minor + ?
      WHERE region_code = ? AND currency = ? AND wanted_minor < ? AND granted_minor < ? AND signed_minor < ?
        AND disbursed_minor < ?
      """, added + key + Array(repeating: .integer(Self.roomy), count: 4))
    if changed > 0 { return }
    let stored = try session.first(
      """
      SELECT wanted_minor, granted_minor, signed_minor, disbursed_minor FROM demand_sums
      WHERE region_code = ? AND currency = ?
      """, key, Self.amounts)
    let sum = try (stored ?? AmountTally()).adding(amounts)
    let values: [SQLValue] = [
      .integer(sum.wanted), .integer(sum.granted), .integer(sum.signed), .integer(sum.disbursed),
    ]
    if stored == nil {
      try session.execute(
        """
        INSERT INTO demand_sums (wanted_minor, granted_minor, signed_minor, disbursed_minor, region_code, currency)
        VALUES (?, ?, ?, ?, ?, ?)
        """, values + key)
    } else {
      try session.execute(
        """
        UPDATE demand_sums SET wanted_minor = ?, granted_minor = ?, signed_minor = ?, disbursed_minor = ?
        WHERE region_code = ? AND currency = ?
        """, values + key)
    }
  }

  /// Below it any one change fits: what one demand adds is far smaller than the other half of the range.
  private static let roomy = Int64.max / 2

  private static func amounts(_ row: Row) throws -> AmountTally {
    AmountTally(
      wanted: try row.int64(0), granted: try row.int64(1), signed: try row.int64(2), disbursed: try row.int64(3))
  }

  /// The tallies of every region under a prefix.
  static func load(prefix: String, _ session: ReadSession) throws -> [(region: String, tally: DemandTally)] {
    var tallies: [String: DemandTally] = [:]
    // Codes are digits, so that everything with the prefix lies between it and the prefix followed by a colon.
    let range: [SQLValue] = [.text(prefix), .text(prefix + ":")]
    try session.scan(
      "SELECT region_code, state, current, reached FROM demand_counts WHERE region_code >= ? AND region_code < ?", range
    ) { row in
      var columns = Columns(row)
      let region = try columns.text()
      let state: DemandState = try columns.word()
      let (current, reached) = (try columns.integer(), try columns.integer())
      try tallies[region, default: DemandTally()].add(
        DemandTally(current: [state: current], reached: [state: reached]))
      return true
    }
    try session.scan(
      """
      SELECT wanted_minor, granted_minor, signed_minor, disbursed_minor, region_code, currency FROM demand_sums
      WHERE region_code >= ? AND region_code < ?
      """, range
    ) { row in
      let currency = try Currency(try row.text(5))
      try tallies[try row.text(4), default: DemandTally()].add(DemandTally(amounts: [currency: try amounts(row)]))
      return true
    }
    return tallies.sorted { $0.key < $1.key }.map { (region: $0.key, tally: $0.value) }
  }
}
