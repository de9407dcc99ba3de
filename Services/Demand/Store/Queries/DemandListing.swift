import DemandDomain
import Kernel
import Storage

/// Pages of demands and enterprises: every condition is an equality on an indexed column, the order is the row's number.
enum DemandListing {
  static func page(_ query: DemandQuery, _ session: ReadSession) throws -> [Listed<Demand>] {
    if let page = try ofPlace(query, session) { return page }
    let (source, filter, position, arguments) = range(query)
    let heads = try session.query(
      """
      SELECT \(DemandRows.pageColumns) FROM \(source) \(filter)
      ORDER BY \(position) \(query.descending ? "DESC" : "ASC") LIMIT ?
      """, arguments + [.integer(Int64(query.limit))], DemandRows.head)
    return try heads.map { try DemandRows.complete($0, session) }
  }

  /// The numbers alone of a page.
  static func numbers(_ query: DemandQuery, _ session: ReadSession) throws -> [Int64] {
    if var numbers = try placeNumbers(query, session) { return try numbers.take(query.limit, session) }
    let (source, filter, position, arguments) = range(query)
    return try session.query(
      """
      SELECT \(position) FROM \(source) \(filter)
      ORDER BY \(position) \(query.descending ? "DESC" : "ASC") LIMIT ?
      """, arguments + [.integer(Int64(query.limit))]
    ) { try $0.int64(0) }
  }

  private static func range(
    _ query: DemandQuery
  ) -> (source: String, filter: String, position: String, arguments: [SQLValue]) {
    var (conditions, arguments) = conditions(query)
    let position: String
    let source: String
    if let target = query.targetInstitution {
      // From the target's side, in whose index the demands of one organisation lie in order.
      source = "demand_targets t JOIN demands d ON d.number = t.demand"
      position = "t.demand"
      conditions.append("t.organisation = ?")
      arguments.append(.text(target))
      if let state = query.state {
        conditions.append("t.demand_state = ?")
        arguments.append(.text(state.rawValue))
      }
    } else {
      source = "demands d"
      position = "d.number"
    }
    if let after = query.after {
      conditions.append("\(position) \(query.descending ? "<" : ">") ?")
      arguments.append(.integer(after))
    }
    return (source, conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))", position, arguments)
  }

  /// A page by place or state alone; `nil` for other pages, which each lie in order along one index.
  private static func placeNumbers(_ query: DemandQuery, _ session: ReadSession) throws -> PlaceNumbers? {
    guard query.targetInstitution == nil, query.enterprise == nil, query.claimedInstitution == nil,
      query.pushMode == nil, query.state != nil || query.regionPrefix != nil
    else { return nil }
    return try PlaceNumbers(query, session)
  }

  private static func ofPlace(_ query: DemandQuery, _ session: ReadSession) throws -> [Listed<Demand>]? {
    guard var numbers = try placeNumbers(query, session) else { return nil }
    return try numbers.take(query.limit, session).compactMap { try DemandRows.line($0, session) }
  }

  /// Each of the others is read along one index, in the order of the rows' numbers: what was pushed to an institution, one firm's
  /// demands, what an institution has claimed, or a place, a mode and a state. Other conditions are written so that no
  /// index fits them: the planner knows no statistics and would take "every submitted demand" for as narrow as one firm's.
  static func conditions(_ query: DemandQuery) -> ([String], [SQLValue]) {
    var conditions: [String] = []
    var arguments: [SQLValue] = []
    func require(_ column: String, _ value: String?, _ usesIndex: Bool) {
      guard let value else { return }
      conditions.append(usesIndex ? "d.\(column) = ?" : "(d.\(column) || '') = ?")
      arguments.append(.text(value))
    }
    let ofTarget = query.targetInstitution != nil
    let ofFirm = !ofTarget && query.enterprise != nil
    let ofClaimant = !ofTarget && !ofFirm && query.claimedInstitution != nil
    let ofPlace = !ofTarget && !ofFirm && !ofClaimant
    require("enterprise", query.enterprise, ofFirm)
    require("claimed_by", query.claimedInstitution, ofClaimant)
    let isOpenPush = query.state == .pushed && query.pushMode == .open
    let column = query.regionPrefix.flatMap { Self.regionColumn($0, isOpenPush: isOpenPush) }
    // A row has an open place only while it is pushed and open; the table's CHECK says so.
    if column != "open_city", column != "open_county" {
      require("state", query.state?.rawValue, ofPlace || ofClaimant)
      require("push_mode", query.pushMode?.rawValue, ofPlace)
    }
    guard let prefix = query.regionPrefix else { return (conditions, arguments) }
    if let column {
      require(column, prefix, ofPlace)
    } else {
      conditions.append("d.region_code >= ? AND d.region_code < ?")
      arguments += [.text(prefix), .text(prefix + ":")]
    }
    return (conditions, arguments)
  }

  private static func regionColumn(_ prefix: String, isOpenPush: Bool) -> String? {
    switch prefix.utf8.count {
    case 4 where isOpenPush: "open_city"
    case 6 where isOpenPush: "open_county"
    case 2: "region_province"
    case 4: "region_city"
    case 6: "region_county"
    case 9: "region_town"
    case 12: "region_village"
    default: nil
    }
  }
}
