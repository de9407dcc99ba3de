import CatalogDomain
import Kernel
import Storage

/// Institutions as rows.
enum InstitutionRows {
  static func load(_ id: String, _ session: ReadSession) throws -> Institution? {
    try session.first("SELECT body FROM institution WHERE id = ?", [.text(id)]) { row in
      try JSON.decode(Institution.self, try row.text(0).utf8)
    }
  }

  static func insert(_ institution: Institution, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO institution (id, kind, government_backed, body) VALUES (?, ?, ?, ?)",
      [
        .text(institution.id), .integer(Int64(institution.kind.rawValue)), .flag(institution.governmentBacked),
        .text(try JSON.text(institution)),
      ])
    try saveRegions(institution, session)
  }

  /// Writes what a decision changed.
  static func update(_ institution: Institution, _ session: WriteSession) throws {
    try session.execute(
      "UPDATE institution SET kind = ?, government_backed = ?, body = ? WHERE id = ?",
      [
        .integer(Int64(institution.kind.rawValue)), .flag(institution.governmentBacked),
        .text(try JSON.text(institution)), .text(institution.id),
      ])
    try session.execute("DELETE FROM institution_region WHERE institution_id = ?", [.text(institution.id)])
    try saveRegions(institution, session)
  }

  /// Ids of an institution's products.
  static func products(of id: String, _ session: ReadSession) throws -> [String] {
    try session.query("SELECT id FROM product WHERE institution_id = ? ORDER BY id", [.text(id)]) { try $0.text(0) }
  }

  static func all(_ session: ReadSession) throws -> [Institution] {
    try session.query("SELECT body FROM institution ORDER BY id") { row in
      try JSON.decode(Institution.self, try row.text(0).utf8)
    }
  }

  /// Where it serves, and where its branches stand.
  private static func saveRegions(_ institution: Institution, _ session: WriteSession) throws {
    for prefix in Set(institution.serviceRegions.isEmpty ? [""] : institution.serviceRegions).sorted() {
      try session.execute(
        "INSERT INTO institution_region (institution_id, prefix) VALUES (?, ?)",
        [.text(institution.id), .text(prefix)])
    }
  }

  static func page(
    _ filter: InstitutionFilter, after: String?, limit: Int, _ session: ReadSession
  ) throws -> [Institution] {
    var query = KeysetQuery(after: after, limit: limit)
    if let kind = filter.kind { query.add("kind = ?", .integer(Int64(kind.rawValue))) }
    if let backed = filter.governmentBacked { query.add("government_backed = ?", .flag(backed)) }
    if let region = filter.region {
      query.add(servingRegion: region)
    }
    return try session.query(query.sql("SELECT body FROM institution"), query.arguments) { row in
      try JSON.decode(Institution.self, try row.text(0).utf8)
    }
  }
}

/// Conditions of a list ordered by id, and the page they are cut into.
struct KeysetQuery {
  private var conditions: [String] = []
  private var values: [SQLValue] = []
  private let limit: Int
  private let column: String
  /// `nil` orders by the key's column.
  var order: String?

  init(after: String?, limit: Int, column: String = "id") {
    self.limit = limit
    self.column = column
    if let after { add("\(column) > ?", .text(after)) }
  }

  mutating func add(_ condition: String, _ values: SQLValue...) {
    conditions.append(condition)
    self.values.append(contentsOf: values)
  }

  /// Institutions that serve the place: everywhere, or one of the code's own prefixes.
  mutating func add(servingRegion region: String) {
    let places = Places(region)
    let served = "SELECT 1 FROM institution_region r WHERE r.institution_id = institution.id"
    conditions.append("EXISTS (\(served) AND r.prefix IN \(places.marks))")
    values.append(contentsOf: places.values)
  }

  /// Versions offered at the place by regions of their own, and else where their institution serves.
  mutating func add(offeredIn region: String) {
    let places = Places(region)
    let own = "SELECT 1 FROM version_region r WHERE r.product_id = v.product_id AND r.version = v.version"
    conditions.append(
      """
      (EXISTS (\(own) AND r.prefix IN \(places.marks)) OR NOT EXISTS (\(own)) AND EXISTS (
        SELECT 1 FROM institution_region r WHERE r.institution_id = product.institution_id AND r.prefix IN \(places.marks)))
      """)
    values.append(contentsOf: places.values + places.values)
  }

  /// The regions that contain a place: '', which is everywhere, and the prefixes of its code.
  private struct Places {
    let values: [SQLValue]
    let marks: String

    init(_ region: String) {
      values = (0...region.count).map { .text(String(region.prefix($0))) }
      marks = "(" + values.map { _ in "?" }.joined(separator: ", ") + ")"
    }
  }

  func sql(_ select: String) -> String {
    let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return "\(select)\(condition) ORDER BY \(order ?? column) LIMIT ?"
  }

  var arguments: [SQLValue] { values + [.integer(Int64(limit))] }
}
