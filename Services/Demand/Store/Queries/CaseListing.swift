import DemandDomain
import Kernel
import Storage

/// Pages of cases. What a caller may not see is left out by the same rule that refuses to read it.
enum CaseListing {
  /// Rows looked at for one page: what a caller may not see costs reading, and a page must end.
  private static let chunk: Int64 = 500

  static func page(_ query: CaseQuery, _ session: ReadSession) throws -> [Listed<Case>] {
    let (conditions, arguments) = conditions(query)
    var after = query.after
    var page: [Listed<Case>] = []
    while page.count < query.limit {
      var (where_, values) = (conditions, arguments)
      if let after {
        where_.append("number \(query.descending ? "<" : ">") ?")
        values.append(.integer(after))
      }
      let rows = try session.query(
        """
        SELECT \(CaseRows.columns) FROM cases \(where_.isEmpty ? "" : "WHERE \(where_.joined(separator: " AND "))")
        ORDER BY number \(query.descending ? "DESC" : "ASC") LIMIT ?
        """, values + [.integer(chunk)], CaseRows.row)
      page += rows.filter { CaseScope.sees($0.item, query.caller) }
      guard rows.count == Int(chunk), let last = rows.last else { break }
      after = last.position
    }
    return Array(page.prefix(query.limit))
  }

  private static func conditions(_ query: CaseQuery) -> ([String], [SQLValue]) {
    var conditions: [String] = []
    var arguments: [SQLValue] = []
    func require(_ column: String, _ value: String?) {
      guard let value else { return }
      conditions.append("\(column) = ?")
      arguments.append(.text(value))
    }
    require("kind", query.kind?.rawValue)
    require("state", query.state)
    require("organisation", query.organisation)
    require("parent", query.parent)
    require("enterprise", query.enterprise)
    if let prefix = query.regionPrefix { addRange(prefix, &conditions, &arguments) }
    switch query.caller.role {
    case .enterprise, .institution: break
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service:
      // Notices of a wider place reach a narrower one, so they are left to the rule.
      if query.kind != .notice, query.regionPrefix == nil, query.kind != nil, !query.caller.regionPrefix.isEmpty {
        addRange(query.caller.regionPrefix, &conditions, &arguments)
      }
    }
    return (conditions, arguments)
  }

  private static func addRange(_ prefix: String, _ conditions: inout [String], _ arguments: inout [SQLValue]) {
    conditions.append("region_code >= ? AND region_code < ?")
    arguments += [.text(prefix), .text(prefix + ":")]
  }

  static func report(_ query: CaseReportQuery, _ session: ReadSession) throws -> CaseReport {
    let range = "opened_day BETWEEN ? AND ? AND region_code >= ? AND region_code < ?"
    let values: [SQLValue] = [.day(query.from), .day(query.to), .text(query.prefix), .text(query.prefix + ":")]
    let counts = try session.query(
      """
      SELECT kind, state, count(*), sum(CASE WHEN is_open = 1 AND due_day < ? THEN 1 ELSE 0 END) FROM cases
      WHERE \(range) GROUP BY kind, state ORDER BY kind, state
      """, [.day(query.asOf)] + values
    ) { row in
      var columns = Columns(row)
      return CaseReport.Count(
        kind: try columns.word(), state: try columns.text(), count: try columns.integer(),
        overdue: try columns.integer())
    }
    let visited = try session.first(
      "SELECT count(DISTINCT enterprise) FROM cases WHERE \(range) AND kind = 'visit'", values
    ) { try $0.int64(0) }
    let deals = try session.first(
      """
      SELECT coalesce(sum(signed_minor), 0), coalesce(sum(in_place_minor), 0) FROM cases
      WHERE \(range) AND kind = 'event_deal'
      """, values
    ) { (try $0.int64(0), try $0.int64(1)) }
    return CaseReport(
      counts: counts, firmsVisited: visited ?? 0, eventSigned: deals?.0 ?? 0, eventInPlace: deals?.1 ?? 0,
      sequence: try session.chainHead(Store.eventChain).sequence)
  }
}
