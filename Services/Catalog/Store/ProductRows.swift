import CatalogDomain
import Kernel
import Storage

/// Products as rows: a head that says where the product stands, and one row of terms per version.
enum ProductRows {
  private static let columns = """
    product.id, product.state, product.state_reason, product.version, product.published_version, product.revision, \
    product.create_time_micros, product.update_time_micros
    """

  /// - Parameter version: `nil` is the latest.
  static func load(_ id: String, version: Int? = nil, _ session: ReadSession) throws -> Product? {
    let wanted = version.map { SQLValue.integer(Int64($0)) }
    return try session.first(
      """
      SELECT \(columns), v.version, v.terms FROM product
      JOIN product_version v ON v.product_id = product.id AND v.version = \(wanted == nil ? "product.version" : "?")
      WHERE product.id = ?
      """, [wanted, .text(id)].compactMap(\.self), make)
  }

  /// Columns 0 to 7 are the head's, 8 and 9 the version's.
  private static func make(_ row: Row) throws -> Product {
    guard let state = ProductState(rawValue: try row.int(1)) else {
      throw StorageError(.columnType, "product \(try row.text(0)) has no state \(try row.int(1))")
    }
    return Product(
      id: try row.text(0), terms: try JSON.decode(ProductTerms.self, try row.text(9).utf8), version: try row.int(8),
      publishedVersion: try row.int(4), state: state, stateReason: try row.text(2),
      createTime: Instant(microseconds: try row.int64(6)), updateTime: Instant(microseconds: try row.int64(7)),
      revision: try row.int64(5))
  }

  static func page(_ filter: ProductFilter, after: String?, limit: Int, _ session: ReadSession) throws -> [Product] {
    var query = KeysetQuery(after: after, limit: limit, column: "product.id")
    if let institution = filter.institution { query.add("product.institution_id = ?", .text(institution)) }
    if let instrument = filter.instrument { query.add("product.instrument = ?", .integer(Int64(instrument.rawValue))) }
    if let state = filter.state { query.add("product.state = ?", .integer(Int64(state.rawValue))) }
    if let region = filter.region {
      query.add(region: region, table: "product_region", key: "product_id", owner: "product.id")
    }
    if let day = filter.updatedSince {
      // The day begins at midnight in Shanghai, eight hours before UTC's.
      query.add("product.update_time_micros >= ?", .integer((Int64(day.dayNumber) * 86_400 - 28_800) * 1_000_000))
    }
    let select = """
      SELECT \(columns), v.version, v.terms FROM product
      JOIN product_version v ON v.product_id = product.id AND v.version = product.version
      """
    return try session.query(query.sql(select), query.arguments, make)
  }

  static func versions(of id: String, after: Int, limit: Int, _ session: ReadSession) throws -> [Product] {
    try session.query(
      """
      SELECT \(columns), v.version, v.terms FROM product
      JOIN product_version v ON v.product_id = product.id
      WHERE product.id = ? AND v.version > ? ORDER BY v.version LIMIT ?
      """, [.text(id), .integer(Int64(after)), .integer(Int64(limit))], make)
  }

  /// Writes a product as a decision left it; `previous` is what was stored before.
  static func save(
    _ product: Product, previous: Product?, institution: Institution, _ session: WriteSession
  ) throws {
    if product == previous { return }
    if previous == nil { try insertHead(product, session) } else { try updateHead(product, session) }
    if product.version == previous?.version { return }
    try session.execute(
      "INSERT INTO product_version (product_id, version, terms, create_time_micros) VALUES (?, ?, ?, ?)",
      [
        .text(product.id), .integer(Int64(product.version)), .text(try JSON.text(product.terms)),
        .integer(product.updateTime.microseconds),
      ])
    let own = product.terms.serviceRegions.isEmpty ? institution.serviceRegions : product.terms.serviceRegions
    try session.execute("DELETE FROM product_region WHERE product_id = ?", [.text(product.id)])
    for prefix in Set(own.isEmpty ? [""] : own).sorted() {
      try session.execute(
        "INSERT INTO product_region (product_id, prefix) VALUES (?, ?)", [.text(product.id), .text(prefix)])
    }
  }

  private static func insertHead(_ product: Product, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO product (id, institution_id, instrument, state, state_reason, version, published_version, revision,
        create_time_micros, update_time_micros)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [.text(product.id), .text(product.terms.institution)] + standing(product) + [
        .integer(product.createTime.microseconds), .integer(product.updateTime.microseconds),
      ])
  }

  private static func updateHead(_ product: Product, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE product SET instrument = ?, state = ?, state_reason = ?, version = ?, published_version = ?, revision = ?,
        update_time_micros = ?
      WHERE id = ?
      """, standing(product) + [.integer(product.updateTime.microseconds), .text(product.id)])
  }

  private static func standing(_ product: Product) -> [SQLValue] {
    [
      .integer(Int64(product.terms.instrument.rawValue)), .integer(Int64(product.state.rawValue)),
      .text(product.stateReason), .integer(Int64(product.version)), .integer(Int64(product.publishedVersion)),
      .integer(product.revision),
    ]
  }

  // MARK: Offers

  /// Every published product in its published version.
  static func offers(_ session: ReadSession) throws -> [Offer] {
    try session.query(
      """
      SELECT product.id, v.version, v.terms, i.body FROM product
      JOIN product_version v ON v.product_id = product.id AND v.version = product.published_version
      JOIN institution i ON i.id = product.institution_id
      WHERE product.state = 2
      """, [], makeOffer)
  }

  /// `nil` when the product is not published.
  static func offer(_ id: String, _ session: ReadSession) throws -> Offer? {
    try session.first(
      """
      SELECT product.id, v.version, v.terms, i.body FROM product
      JOIN product_version v ON v.product_id = product.id AND v.version = product.published_version
      JOIN institution i ON i.id = product.institution_id
      WHERE product.state = 2 AND product.id = ?
      """, [.text(id)], makeOffer)
  }

  private static func makeOffer(_ row: Row) throws -> Offer {
    Offer(
      id: try row.text(0), version: try row.int(1), terms: try JSON.decode(ProductTerms.self, try row.text(2).utf8),
      institutionRegions: try JSON.decode(Institution.self, try row.text(3).utf8).serviceRegions)
  }
}
