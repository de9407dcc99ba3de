import DemandDomain
import Kernel
import Storage

/// Pages of cases: a merge of index ranges, one for each reason why the caller may see a case. What it may not see all the same
/// is left out by the rule that refuses to read it.
enum CaseListing {
  /// Fewest numbers of one look at the ranges.
  private static let chunk = 50

  static func page(_ query: CaseQuery, _ session: ReadSession) throws -> [Listed<Case>] {
    let ranges = CaseRanges.of(query)
    if ranges.isEmpty { return [] }
    var after = query.after
    var page: [Listed<Case>] = []
    while page.count < query.limit {
      let size = max(query.limit - page.count, chunk)
      let rows = try rows(ranges, query, after: after, size: size, session)
      for row in rows where page.count < query.limit && CaseScope.sees(row.item, query.caller) {
        page.append(try CaseRows.complete(row, session))
      }
      guard rows.count == size, let last = rows.last else { break }
      after = last.position
    }
    return page
  }

  /// The next rows that any range has, in order.
  private static func rows(
    _ ranges: [CaseRanges.Range], _ query: CaseQuery, after: Int64?, size: Int, _ session: ReadSession
  ) throws -> [Listed<Case>] {
    let order = query.descending ? "DESC" : "ASC"
    var values: [SQLValue] = []
    let parts = ranges.map { range in
      values += range.values
      var conditions = range.conditions
      if let after {
        conditions.append("number \(query.descending ? "<" : ">") ?")
        values.append(.integer(after))
      }
      values.append(.integer(Int64(size)))
      let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
      return "SELECT number FROM (SELECT number FROM cases \(filter) ORDER BY number \(order) LIMIT ?)"
    }
    return try session.query(
      """
      SELECT \(CaseRows.columns) FROM cases WHERE number IN
        (SELECT number FROM (\(parts.joined(separator: " UNION "))) ORDER BY number \(order) LIMIT ?)
      ORDER BY number \(order)
      """, values + [.integer(Int64(size))], CaseRows.row)
  }
}

/// Why a caller may see cases, each reason a range of one index. Conditions that no range begins with are written so that no
/// index fits them: the planner knows no statistics.
struct CaseRanges {
  struct Range {
    var conditions: [String]
    var values: [SQLValue]
  }

  private let query: CaseQuery

  static func of(_ query: CaseQuery) -> [Range] {
    let ranges = CaseRanges(query: query)
    return ranges.reasons.map { ranges.narrowed($0) }
  }

  private var reasons: [Range] {
    let caller = query.caller
    if let parent = query.parent { return [link("parent", parent)] }
    if let firm = query.enterprise { return [link("enterprise", firm)] }
    if let organisation = query.organisation, caller.role != .institution || organisation == caller.organisation {
      return [link("organisation", organisation)]
    }
    let own = link("opened_by", caller.organisation)
    switch caller.role {
    case .enterprise: return [own, link("enterprise", caller.organisation)]
    case .institution: return [own, link("organisation", caller.organisation)] + kindsForInstitutions
    case .gridWorker, .regulator, .adviser, .analyst, .operator, .service: return [own] + placeAndNotices
    }
  }

  /// A place of the filter's, or the caller's own; notices also of the places around it.
  private var placeAndNotices: [Range] {
    let role = query.caller.role
    var ranges: [Range] = []
    if let kind = query.kind {
      guard CaseTable.rule(kind).seenBy.contains(role) else { return [] }
      ranges.append(place(query.regionPrefix ?? query.caller.regionPrefix, kind))
    } else {
      var all = place(query.regionPrefix ?? query.caller.regionPrefix, nil)
      let hidden = CaseKind.allCases.filter { !CaseTable.rule($0).seenBy.contains(role) }
      if !hidden.isEmpty {
        all.conditions.append("(kind || '') NOT IN (\(hidden.map { _ in "?" }.joined(separator: ", ")))")
        all.values += hidden.map { .text($0.rawValue) }
      }
      ranges.append(all)
    }
    if query.regionPrefix == nil, query.kind == nil || query.kind == .notice { ranges += around(.notice) }
    return ranges
  }

  /// What institutions see without being named: in their place, and of the places around it.
  private var kindsForInstitutions: [Range] {
    let kinds = CaseKind.allCases.filter { CaseTable.rule($0).isForInstitutions || $0 == .diligenceFile }
    return kinds.filter { query.kind == nil || query.kind == $0 }.flatMap { kind in
      [place(query.caller.regionPrefix, kind)] + around(kind)
    }
  }

  private func link(_ column: String, _ value: String) -> Range {
    guard let kind = query.kind, column != "opened_by", column != "organisation" else {
      return Range(conditions: ["\(column) = ?"], values: [.text(value)])
    }
    return Range(conditions: ["\(column) = ?", "kind = ?"], values: [.text(value), .text(kind.rawValue)])
  }

  private func place(_ prefix: String, _ kind: CaseKind?) -> Range {
    var range = Range(conditions: [], values: [])
    if !prefix.isEmpty {
      range.conditions.append("substr(region_code, 1, \(prefix.utf8.count)) = ?")
      range.values.append(.text(prefix))
    }
    if let kind {
      range.conditions.append("kind = ?")
      range.values.append(.text(kind.rawValue))
    }
    return range
  }

  private func around(_ kind: CaseKind) -> [Range] {
    let prefix = query.caller.regionPrefix
    return [2, 4, 6, 9].filter { $0 < prefix.utf8.count }.map { length in
      Range(
        conditions: ["kind = ?", "region_reach = ?"],
        values: [.text(kind.rawValue), .text(String(prefix.prefix(length)))])
    }
  }

  /// The filter's other conditions.
  private func narrowed(_ range: Range) -> Range {
    var range = range
    func require(_ column: String, _ value: String?) {
      guard let value, !range.conditions.contains("\(column) = ?") else { return }
      range.conditions.append("(\(column) || '') = ?")
      range.values.append(.text(value))
    }
    require("kind", query.kind?.rawValue)
    require("organisation", query.organisation)
    require("enterprise", query.enterprise)
    require("parent", query.parent)
    require("state", query.state)
    if let prefix = query.regionPrefix,
      !range.conditions.contains("substr(region_code, 1, \(prefix.utf8.count)) = ?")
    {
      range.conditions.append("(region_code || '') >= ? AND (region_code || '') < ?")
      range.values += [.text(prefix), .text(prefix + ":")]
    }
    // What was withdrawn is no news any more.
    if query.state == nil, query.kind == nil || query.kind == .notice {
      range.conditions.append("NOT ((kind || '') = 'notice' AND state = 'withdrawn')")
    }
    return range
  }
}
