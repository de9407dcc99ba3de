import DemandDomain
import Kernel
import Storage

/// Firms of one name in one city, along `enterprises_name`.
enum DuplicateFinding {
  /// Index entries that one page looks at: most firms stand alone, and a page of a large city ends without having found as many
  /// as it may show.
  private static let examined = 20_000

  static func page(_ query: DuplicateQuery, _ session: ReadSession) throws -> DuplicatePage {
    let (condition, arguments) = range(query)
    let end = try session.first(
      """
      SELECT region_city, display_name FROM enterprises WHERE \(condition)
      ORDER BY region_city, display_name LIMIT 1 OFFSET ?
      """, arguments + [.integer(Int64(examined - 1))], key)
    let groups = try session.query(
      """
      SELECT region_city, display_name FROM enterprises WHERE \(condition)
        \(end == nil ? "" : "AND (region_city, display_name) <= (?, ?)")
      GROUP BY region_city, display_name HAVING count(*) > 1 ORDER BY region_city, display_name LIMIT ?
      """, arguments + (end.map(values) ?? []) + [.integer(Int64(query.limit + 1))], key)
    var duplicates: [DuplicateEnterprises] = []
    for group in groups.prefix(query.limit) {
      let firms = try firms(of: group, query, session)
      if firms.count > 1 { duplicates.append(DuplicateEnterprises(name: group.name, firms: firms)) }
    }
    return DuplicatePage(duplicates: duplicates, next: groups.count > query.limit ? groups[query.limit - 1] : end)
  }

  /// The cities of the place, after the page before.
  private static func range(_ query: DuplicateQuery) -> (String, [SQLValue]) {
    let city = String(query.regionPrefix.prefix(4))
    let from = query.after ?? DuplicateKey(city: city, name: "")
    return (
      """
      merged_into IS NULL AND region_city < ? AND (region_city, display_name) > (?, ?)
      """, [.text(city + ":")] + values(from)
    )
  }

  private static func firms(
    of group: DuplicateKey, _ query: DuplicateQuery, _ session: ReadSession
  ) throws -> [Enterprise] {
    let prefix = query.regionPrefix
    return try session.query(
      """
      SELECT \(EnterpriseRows.columns) FROM enterprises
      WHERE merged_into IS NULL AND region_city = ? AND display_name = ? AND region_code >= ? AND region_code < ?
      ORDER BY number LIMIT ?
      """,
      values(group) + [.text(prefix), .text(prefix + ":"), .integer(Int64(DuplicateQuery.maximumFirms))],
      EnterpriseRows.row
    ).map { try EnterpriseRows.complete($0, session).item }
  }

  private static func key(_ row: Row) throws -> DuplicateKey {
    DuplicateKey(city: try row.text(0), name: try row.text(1))
  }

  private static func values(_ key: DuplicateKey) -> [SQLValue] { [.text(key.city), .text(key.name)] }
}
