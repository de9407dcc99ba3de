import DemandDomain
import Kernel
import Storage

enum EnterpriseListing {
  static func page(_ query: EnterpriseQuery, _ session: ReadSession) throws -> [Listed<Enterprise>] {
    var conditions = ["merged_into IS NULL"]
    var arguments: [SQLValue] = []
    func require(_ condition: String, _ values: SQLValue...) {
      conditions.append(condition)
      arguments += values
    }
    if let prefix = query.regionPrefix {
      switch prefix.utf8.count {
      case 4: require("region_city = ?", .text(prefix))
      case 6: require("region_county = ?", .text(prefix))
      default: require("region_code >= ? AND region_code < ?", .text(prefix), .text(prefix + ":"))
      }
    }
    if let industry = query.industryPrefix {
      require("industry_code >= ? AND industry_code < ?", .text(industry), .text(industry + ":"))
    }
    if let size = query.sizeBand { require("size_band = ?", .text(size)) }
    if let grade = query.grade { require("platform_grade = ?", .text(grade.rawValue)) }
    if let firstLoan = query.firstLoan { require("first_loan = ?", .flag(firstLoan)) }
    if let tag = query.tag {
      require("number IN (SELECT enterprise FROM enterprise_tags WHERE tag = ?)", .text(tag))
    }
    if let after = query.after { require("number \(query.descending ? "<" : ">") ?", .integer(after)) }
    let rows = try session.query(
      """
      SELECT \(EnterpriseRows.columns) FROM enterprises WHERE \(conditions.joined(separator: " AND "))
      ORDER BY number \(query.descending ? "DESC" : "ASC") LIMIT ?
      """, arguments + [.integer(Int64(query.limit))], EnterpriseRows.row)
    return try rows.map { try EnterpriseRows.complete($0, session) }
  }
}
