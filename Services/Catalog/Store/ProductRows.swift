import CatalogDomain
import Kernel
import Storage

/// Products as rows: a head that says where the product stands, and one row of terms per version.
enum ProductRows {
  /// Columns 0 to 9 are the head's, 10 to 16 the version's.
  private static let columns = """
    product.id, product.state, product.state_reason, product.version, product.published_version, product.revision, \
    product.create_time_micros, product.update_time_micros, product.applications, product.granted, \
    v.version, v.terms, v.review, v.publish_time_micros, v.in_force_from_day, v.in_force_to_day
    """

  /// - Parameter version: `nil` is the latest.
  static func load(_ id: String, version: Int? = nil, _ session: ReadSession) throws -> Product? {
    let wanted = version.map { SQLValue.integer(Int64($0)) }
    return try session.first(
      """
      SELECT \(columns) FROM product
      JOIN product_version v ON v.product_id = product.id AND v.version = \(wanted == nil ? "product.version" : "?")
      WHERE product.id = ?
      """, [wanted, .text(id)].compactMap(\.self), make)
  }

  /// The latest version that may be seen; `nil` when there is none.
  static func latest(_ id: String, _ sight: Sight, _ session: ReadSession) throws -> Product? {
    try load(id, session).flatMap { try seen($0, sight, session) }
  }

  /// What may be seen of a product whose latest version is at hand.
  static func seen(_ product: Product, _ sight: Sight, _ session: ReadSession) throws -> Product? {
    if sight.reaches(product.terms.institution) || product.publishedVersion == product.version {
      return sight.view(product)
    }
    if product.publishedVersion == 0 { return nil }
    return try load(product.id, version: product.publishedVersion, session).flatMap(sight.view)
  }

  private static func make(_ row: Row) throws -> Product {
    guard let state = ProductState(rawValue: try row.int(1)) else {
      throw StorageError(.columnType, "product \(try row.text(0)) has no state \(try row.int(1))")
    }
    let (id, version) = (try row.text(0), try row.int(10))
    return Product(
      id: id, terms: try TermsMemo.shared.terms(try row.text(11), of: id, version: version), version: version,
      publishedVersion: try row.int(4), state: state, stateReason: try row.text(2),
      createTime: Instant(microseconds: try row.int64(6)), updateTime: Instant(microseconds: try row.int64(7)),
      revision: try row.int64(5), review: try row.optionalText(12).map { try JSON.decode(Review.self, $0.utf8) },
      inForce: try inForce(row, first: 13),
      record: TrackRecord(applications: try row.int64(8), granted: try row.int64(9)))
  }

  private static func inForce(_ row: Row, first: Int) throws -> InForce? {
    guard let published = try row.optionalInt64(first) else { return nil }
    return InForce(
      publishTime: Instant(microseconds: published), from: try day(row.optionalInt64(first + 1)),
      to: try day(row.optionalInt64(first + 2)))
  }

  private static func day(_ number: Int64?) throws -> BusinessDate? {
    try number.map { try BusinessDate(dayNumber: Int32(clamping: $0)) }
  }

  static func page(
    _ filter: ProductFilter, after: ProductCursor?, limit: Int, _ sight: Sight, _ session: ReadSession
  ) throws -> [Product] {
    let byVersion = filter.effective != nil
    var query = KeysetQuery(after: byVersion ? nil : after?.id, limit: limit, column: "product.id")
    if byVersion, let after {
      query.add(
        "(product.id > ? OR (product.id = ? AND v.version > ?))", .text(after.id), .text(after.id),
        .integer(Int64(after.version)))
    }
    if let institution = filter.institution { query.add("product.institution_id = ?", .text(institution)) }
    if let instrument = filter.instrument { query.add("v.instrument = ?", .integer(Int64(instrument.rawValue))) }
    if let state = filter.state { add(state, to: &query) }
    if let region = filter.region {
      query.add(offeredIn: region)
    }
    if let day = filter.updatedSince {
      // The day begins at midnight in Shanghai, eight hours before UTC's.
      query.add("product.update_time_micros >= ?", .integer((Int64(day.dayNumber) * 86_400 - 28_800) * 1_000_000))
    }
    if let time = filter.updatedSinceTime {
      query.add("product.update_time_micros >= ?", .integer(time.microseconds))
    }
    if let effective = filter.effective, let day = filter.asOf {
      add(effective, Int64(day.dayNumber), to: &query)
      query.order = "product.id, v.version"
    }
    let (join, arguments) = byVersion ? ("", []) : latest(sight)
    let select = "SELECT \(columns) FROM product JOIN product_version v ON v.product_id = product.id\(join)"
    return try session.query(query.sql(select), arguments + query.arguments, make).compactMap(sight.view)
  }

  /// Joins the latest version that may be seen; a product that was never published has no version 0.
  private static func latest(_ sight: Sight) -> (join: String, arguments: [SQLValue]) {
    switch sight {
    case .everything: (" AND v.version = product.version", [])
    case .own(let institution):
      (
        " AND v.version = CASE WHEN product.institution_id = ? THEN product.version ELSE product.published_version END",
        [.text(institution)]
      )
    case .published: (" AND v.version = product.published_version", [])
    }
  }

  /// What was never published stands where its latest version stands in review.
  private static func add(_ state: ProductState, to query: inout KeysetQuery) {
    switch state {
    case .published, .suspended, .withdrawn: query.add("product.state = ?", .integer(Int64(state.rawValue)))
    case .submitted: query.add("product.state = 1 AND v.review_state = ?", .integer(2))
    case .reviewed: query.add("product.state = 1 AND v.review_state = ?", .integer(3))
    case .draft: query.add("product.state = 1 AND v.review_state NOT IN (2, ?)", .integer(3))
    }
  }

  private static func add(_ effective: EffectiveFilter, _ day: Int64, to query: inout KeysetQuery) {
    query.add("product.state = 2 AND v.publish_time_micros IS NOT NULL")
    switch effective {
    case .current:
      query.add("(v.in_force_from_day IS NULL OR v.in_force_from_day <= ?)", .integer(day))
      query.add("(v.in_force_to_day IS NULL OR v.in_force_to_day >= ?)", .integer(day))
    case .future: query.add("v.in_force_from_day > ?", .integer(day))
    case .all: query.add("(v.in_force_to_day IS NULL OR v.in_force_to_day >= ?)", .integer(day))
    }
    // A version that was replaced before it began was never in force.
    query.add("(v.in_force_to_day IS NULL OR v.in_force_from_day IS NULL OR v.in_force_to_day >= v.in_force_from_day)")
  }

  /// - Parameter all: also versions that were never published.
  static func versions(
    of id: String, after: Int, limit: Int, all: Bool, _ session: ReadSession
  ) throws -> [Product] {
    try session.query(
      """
      SELECT \(columns) FROM product
      JOIN product_version v ON v.product_id = product.id
      WHERE product.id = ? AND v.version > ?\(all ? "" : " AND v.publish_time_micros IS NOT NULL")
      ORDER BY v.version LIMIT ?
      """, [.text(id), .integer(Int64(after)), .integer(Int64(limit))], make)
  }

  // MARK: Writing

  /// Writes a product as a decision left it; `previous` is what was stored before.
  static func save(
    _ product: Product, previous: Product?, _ session: WriteSession
  ) throws {
    if product == previous { return }
    if previous == nil { try insertHead(product, session) } else { try updateHead(product, session) }
    if product.version != previous?.version {
      try insertVersion(product, session)
    } else if product.review != previous?.review {
      try session.execute(
        "UPDATE product_version SET review_state = ?, review = ? WHERE product_id = ? AND version = ?",
        try review(product) + [.text(product.id), .integer(Int64(product.version))])
    }
    if let inForce = product.inForce, inForce != previous?.inForce || product.version != previous?.version {
      try publish(product, inForce, session)
    }
  }

  private static func insertVersion(_ product: Product, _ session: WriteSession) throws {
    let version = SQLValue.integer(Int64(product.version))
    try session.execute(
      """
      INSERT INTO product_version (product_id, version, instrument, terms, create_time_micros, review_state, review)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(product.id), version, .integer(Int64(product.terms.instrument.rawValue)),
        .text(try JSON.text(product.terms)), .integer(product.updateTime.microseconds),
      ] + (try review(product)))
    for prefix in Set(product.terms.serviceRegions).sorted() {
      try session.execute(
        "INSERT INTO version_region (product_id, version, prefix) VALUES (?, ?, ?)",
        [.text(product.id), version, .text(prefix)])
    }
  }

  private static func review(_ product: Product) throws -> [SQLValue] {
    guard let review = product.review else { return [.integer(0), .null] }
    return [.integer(Int64(review.state.rawValue)), .text(try JSON.text(review))]
  }

  /// Records the version's days, and ends the published versions before it on the day before it begins.
  private static func publish(_ product: Product, _ inForce: InForce, _ session: WriteSession) throws {
    func number(_ day: BusinessDate?) -> SQLValue { day.map { .integer(Int64($0.dayNumber)) } ?? .null }
    try session.execute(
      """
      UPDATE product_version SET publish_time_micros = ?, in_force_from_day = ?, in_force_to_day = ?
      WHERE product_id = ? AND version = ?
      """,
      [
        .integer(inForce.publishTime.microseconds), number(inForce.from), number(inForce.to), .text(product.id),
        .integer(Int64(product.version)),
      ])
    guard let from = inForce.from else { return }
    let last = SQLValue.integer(Int64(from.dayNumber) - 1)
    try session.execute(
      """
      UPDATE product_version SET in_force_to_day = ?
      WHERE product_id = ? AND version < ? AND publish_time_micros IS NOT NULL
        AND (in_force_to_day IS NULL OR in_force_to_day > ?)
      """, [last, .text(product.id), .integer(Int64(product.version)), last])
  }

  private static func insertHead(_ product: Product, _ session: WriteSession) throws {
    try session.execute(
      """
      INSERT INTO product (id, institution_id, state, state_reason, version, published_version, revision,
        create_time_micros, update_time_micros)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [.text(product.id), .text(product.terms.institution)] + standing(product) + [
        .integer(product.createTime.microseconds), .integer(product.updateTime.microseconds),
      ])
  }

  private static func updateHead(_ product: Product, _ session: WriteSession) throws {
    try session.execute(
      """
      UPDATE product SET state = ?, state_reason = ?, version = ?, published_version = ?, revision = ?,
        update_time_micros = ?, applications = ?, granted = ?
      WHERE id = ?
      """,
      standing(product) + [
        .integer(product.updateTime.microseconds), .integer(product.record?.applications ?? 0),
        .integer(product.record?.granted ?? 0), .text(product.id),
      ])
  }

  private static func standing(_ product: Product) -> [SQLValue] {
    [
      .integer(Int64(product.state.rawValue)), .text(product.stateReason), .integer(Int64(product.version)),
      .integer(Int64(product.publishedVersion)), .integer(product.revision),
    ]
  }
}
