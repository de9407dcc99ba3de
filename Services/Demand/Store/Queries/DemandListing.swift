import DemandDomain
import Kernel
import Storage

/// Pages of demands and enterprises: every condition is an equality on an indexed column, the order is the row's number.
enum DemandListing {
  static func page(_ query: DemandQuery, _ session: ReadSession) throws -> [Listed<Demand>] {
    var (conditions, arguments) = conditions(query)
    let position: String
    let source: String
    if let target = query.targetInstitution {
      // From the target's side, in whose index the demands of one organisation lie in order.
      source = "demand_targets t JOIN demands d ON d.number = t.demand"
      position = "t.demand"
      conditions.append("t.organisation = ?")
      arguments.append(.text(target))
    } else {
      source = "demands d"
      position = "d.number"
    }
    if let after = query.after {
      conditions.append("\(position) \(query.descending ? "<" : ">") ?")
      arguments.append(.integer(after))
    }
    let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
    let heads = try session.query(
      """
      SELECT \(DemandRows.columns) FROM \(source) \(filter)
      ORDER BY \(position) \(query.descending ? "DESC" : "ASC") LIMIT ?
      """, arguments + [.integer(Int64(query.limit))], DemandRows.head)
    return try heads.map { try DemandRows.complete($0, session) }
  }

  static func conditions(_ query: DemandQuery) -> ([String], [SQLValue]) {
    var conditions: [String] = []
    var arguments: [SQLValue] = []
    func require(_ column: String, _ value: String?) {
      guard let value else { return }
      conditions.append("d.\(column) = ?")
      arguments.append(.text(value))
    }
    require("state", query.state?.rawValue)
    require("enterprise", query.enterprise)
    require("claimed_by", query.claimedInstitution)
    require("push_mode", query.pushMode?.rawValue)
    if let prefix = query.regionPrefix {
      if let column = Self.regionColumn(prefix, isOpenPush: query.state == .pushed && query.pushMode == .open) {
        require(column, prefix)
      } else {
        conditions.append("d.region_code >= ? AND d.region_code < ?")
        arguments += [.text(prefix), .text(prefix + ":")]
      }
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
