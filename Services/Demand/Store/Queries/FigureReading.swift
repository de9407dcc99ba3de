import DemandDomain
import Kernel
import Storage

/// Figures, computed from the demands' rows, each of which is the fold of its events.
enum FigureReading {
  /// The firm under the code that stands for it now: one that was registered twice counts once.
  private static let firm = """
    CASE WHEN d.enterprise IN (SELECT id FROM enterprises WHERE merged_into IS NOT NULL) \
    THEN (SELECT merged_into FROM enterprises WHERE id = d.enterprise) ELSE d.enterprise END
    """

  static func read(_ query: FigureQuery, _ session: ReadSession) throws -> Figures {
    let sequence = try session.chainHead(Store.eventChain).sequence
    let rows = try rows(query, by: query.dimension, session)
    let total = try total(of: rows.values.sorted { $0.key < $1.key }, query, session)
    return Figures(
      sequence: sequence, rows: rows.values.sorted { $0.key < $1.key }, total: total)
  }

  /// Everything adds up but firms: one that stands in several rows counts once in the total.
  private static func total(
    of rows: [FigureRow], _ query: FigureQuery, _ session: ReadSession
  ) throws -> FigureRow {
    var total = FigureRow(key: "")
    for row in rows {
      total.demands += row.demands
      for (state, count) in row.reached { total.reached[state, default: 0] += count }
      for (currency, amounts) in row.amounts {
        total.amounts[currency] = try (total.amounts[currency] ?? AmountTally()).adding(amounts)
      }
      total.accepted += row.accepted
      total.acceptSeconds += row.acceptSeconds
      total.decided += row.decided
      total.decideSeconds += row.decideSeconds
      total.contacted += row.contacted
      total.contactSeconds += row.contactSeconds
      total.missedClocks += row.missedClocks
    }
    let (filter, values) = try range(query)
    let firms = try session.first(
      """
      SELECT count(DISTINCT \(firm)),
        count(DISTINCT CASE WHEN d.contract_first_loan = 1 AND d.signed_minor > 0 THEN \(firm) END)
      FROM demands d WHERE \(filter)
      """, values
    ) { (try $0.int64(0), try $0.int64(1)) }
    total.firms = firms?.0 ?? 0
    total.firstLoans = firms?.1 ?? 0
    return total
  }

  private static func rows(
    _ query: FigureQuery, by dimension: FigureDimension, _ session: ReadSession
  ) throws -> [String: FigureRow] {
    let (filter, values) = try range(query)
    var rows: [String: FigureRow] = [:]
    try demands(key(dimension), filter, values, session, into: &rows)
    try amounts(key(dimension), filter, values, session, into: &rows)
    if dimension == .institution { try shares(filter, values, session, into: &rows) }
    try responses(dimension == .institution ? "r.institution" : key(dimension), filter, values, session, into: &rows)
    try missed(
      dimension == .institution ? "coalesce(m.institution, '')" : key(dimension), filter, values, session, into: &rows)
    return rows
  }

  private static func key(_ dimension: FigureDimension) -> String {
    switch dimension {
    case .region: "d.region_county"
    case .chain: "d.chain"
    case .channel: "d.channel"
    case .period: "d.period"
    case .institution: "coalesce(d.claimed_by, '')"
    }
  }

  private static func range(_ query: FigureQuery) throws -> (String, [SQLValue]) {
    var filter = "d.region_code >= ? AND d.region_code < ?"
    var values: [SQLValue] = [.text(query.prefix), .text(query.prefix + ":")]
    // Days begin at midnight in Asia/Shanghai.
    func midnight(_ day: BusinessDate) -> SQLValue { .integer(Int64(day.dayNumber) * 86_400_000_000 - 28_800_000_000) }
    if let from = query.from {
      filter += " AND d.created_micros >= ?"
      values.append(midnight(from))
    }
    if let to = query.to {
      filter += " AND d.created_micros < ?"
      values.append(midnight(try to.adding(days: 1)))
    }
    return (filter, values)
  }

  private static func demands(
    _ key: String, _ filter: String, _ values: [SQLValue], _ session: ReadSession, into rows: inout [String: FigureRow]
  ) throws {
    let states = DemandState.allCases
    let reached = states.indices.map { "sum((d.reached >> \($0)) & 1)" }.joined(separator: ", ")
    try session.scan(
      """
      SELECT \(key), count(*), count(DISTINCT \(firm)),
        count(DISTINCT CASE WHEN d.contract_first_loan = 1 AND d.signed_minor > 0 THEN \(firm) END), \(reached)
      FROM demands d WHERE \(filter) GROUP BY 1
      """, values
    ) { row in
      var columns = Columns(row)
      var figure = FigureRow(key: try columns.text())
      figure.demands = try columns.integer()
      figure.firms = try columns.integer()
      figure.firstLoans = try columns.integer()
      for state in states {
        let count = try columns.integer()
        if count > 0 { figure.reached[state] = count }
      }
      if figure.demands > 0 { rows[figure.key] = figure }
      return true
    }
  }

  private static func amounts(
    _ key: String, _ filter: String, _ values: [SQLValue], _ session: ReadSession, into rows: inout [String: FigureRow]
  ) throws {
    try session.scan(
      """
      SELECT \(key), d.currency, sum(d.amount_minor), sum(d.granted_minor), sum(d.signed_minor), sum(d.paid_minor)
      FROM demands d WHERE \(filter) GROUP BY 1, 2
      """, values
    ) { row in
      var columns = Columns(row)
      let key = try columns.text()
      let currency = try Currency(try columns.text())
      rows[key, default: FigureRow(key: key)].amounts[currency] = AmountTally(
        wanted: try columns.integer(), granted: try columns.integer(), signed: try columns.integer(),
        disbursed: try columns.integer())
      return true
    }
  }

  /// Of a joint credit each member's part goes from the lead to the member.
  private static func shares(
    _ filter: String, _ values: [SQLValue], _ session: ReadSession, into rows: inout [String: FigureRow]
  ) throws {
    try session.scan(
      """
      SELECT d.claimed_by, d.currency, d.handling FROM demands d
      WHERE \(filter) AND d.signed_minor > 0 AND d.claimed_by IS NOT NULL AND instr(d.handling, '"members"') > 0
      """, values
    ) { row in
      var columns = Columns(row)
      let (lead, currency) = (try columns.text(), try Currency(try columns.text()))
      for member in try JSONParser.parse(try columns.text()).items("members").map(JointMember.init(json:)) {
        guard let contract = member.contract else { continue }
        let part = AmountTally(
          wanted: 0, granted: member.offer?.amount.minorUnits ?? 0, signed: contract.amount.minorUnits,
          disbursed: member.disbursedMinorUnits)
        let less = AmountTally(granted: -part.granted, signed: -part.signed, disbursed: -part.disbursed)
        let taken = try rows[lead]?.amounts[currency]?.adding(less)
        rows[lead]?.amounts[currency] = taken
        let key = member.institution
        let known = rows[key]?.amounts[currency] ?? AmountTally()
        rows[key, default: FigureRow(key: key)].amounts[currency] = try known.adding(part)
      }
      return true
    }
  }

  private static func responses(
    _ key: String, _ filter: String, _ values: [SQLValue], _ session: ReadSession, into rows: inout [String: FigureRow]
  ) throws {
    try session.scan(
      """
      SELECT \(key), count(*), sum((r.claimed_micros - r.pushed_micros) / 1000000), count(r.decided_micros),
        coalesce(sum((r.decided_micros - r.claimed_micros) / 1000000), 0), count(r.contacted_micros),
        coalesce(sum((r.contacted_micros - r.claimed_micros) / 1000000), 0)
      FROM demand_responses r JOIN demands d ON d.number = r.demand WHERE \(filter) GROUP BY 1
      """, values
    ) { row in
      var columns = Columns(row)
      let key = try columns.text()
      let accepted = try columns.integer()
      if accepted == 0 { return true }
      rows[key, default: FigureRow(key: key)].accepted = accepted
      rows[key]?.acceptSeconds = try columns.integer()
      rows[key]?.decided = try columns.integer()
      rows[key]?.decideSeconds = try columns.integer()
      rows[key]?.contacted = try columns.integer()
      rows[key]?.contactSeconds = try columns.integer()
      return true
    }
  }

  private static func missed(
    _ key: String, _ filter: String, _ values: [SQLValue], _ session: ReadSession, into rows: inout [String: FigureRow]
  ) throws {
    try session.scan(
      """
      SELECT \(key), count(*) FROM demand_missed_clocks m JOIN demands d ON d.number = m.demand WHERE \(filter) GROUP BY 1
      """, values
    ) { row in
      var columns = Columns(row)
      let key = try columns.text()
      let count = try columns.integer()
      if count > 0 { rows[key, default: FigureRow(key: key)].missedClocks = count }
      return true
    }
  }
}
