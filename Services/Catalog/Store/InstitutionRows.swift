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

  /// Writes what a decision changed; products without regions of their own are offered where the institution serves now.
  static func update(_ institution: Institution, _ session: WriteSession) throws {
    try session.execute(
      "UPDATE institution SET kind = ?, government_backed = ?, body = ? WHERE id = ?",
      [
        .integer(Int64(institution.kind.rawValue)), .flag(institution.governmentBacked),
        .text(try JSON.text(institution)), .text(institution.id),
      ])
    try session.execute("DELETE FROM institution_region WHERE institution_id = ?", [.text(institution.id)])
    try saveRegions(institution, session)
    for id in try products(of: institution.id, session) {
      guard let product = try ProductRows.load(id, session) else { continue }
      try ProductRows.saveRegions(id, product.terms, institution, session)
    }
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
      query.add(region: region, table: "institution_region", key: "institution_id", owner: "institution.id")
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

  /// Rows whose regions contain the place: '' or one of the code's own prefixes.
  mutating func add(region: String, table: String, key: String, owner: String) {
    let prefixes = (0...region.count).map { String(region.prefix($0)) }
    let marks = prefixes.map { _ in "?" }.joined(separator: ", ")
    conditions.append("EXISTS (SELECT 1 FROM \(table) r WHERE r.\(key) = \(owner) AND r.prefix IN (\(marks)))")
    values.append(contentsOf: prefixes.map { .text($0) })
  }

  func sql(_ select: String) -> String {
    let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return "\(select)\(condition) ORDER BY \(order ?? column) LIMIT ?"
  }

  var arguments: [SQLValue] { values + [.integer(Int64(limit))] }
}
