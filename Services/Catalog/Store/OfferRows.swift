import CatalogDomain
import Kernel
import Storage

/// Published versions as the matcher takes them: those that are in force or will be, of published products.
enum OfferRows {
  private static let select = """
    SELECT product.id, v.version, v.terms, v.in_force_from_day, v.in_force_to_day, product.applications,
      product.granted, product.institution_id
    FROM product
    JOIN product_version v ON v.product_id = product.id
    WHERE product.state = 2 AND v.publish_time_micros IS NOT NULL
      AND (v.in_force_to_day IS NULL OR v.in_force_from_day IS NULL OR v.in_force_to_day >= v.in_force_from_day)
    """

  /// Every offer, by product and version.
  static func all(_ session: ReadSession) throws -> [(id: String, offers: [Offer])] {
    var institutions = try Dictionary(
      session.query("SELECT body FROM institution") { row in
        try JSON.decode(Institution.self, try row.text(0).utf8)
      }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let offers = try session.query(select + " ORDER BY product.id, v.version") { row in
      try make(row, &institutions, session)
    }
    var groups: [(id: String, offers: [Offer])] = []
    for offer in offers {
      if groups.last?.id == offer.id {
        groups[groups.count - 1].offers.append(offer)
      } else {
        groups.append((offer.id, [offer]))
      }
    }
    return groups
  }

  /// None when the product is not published.
  static func of(_ id: String, _ institutions: inout [String: Institution], _ session: ReadSession) throws -> [Offer] {
    try session.query(select + " AND product.id = ? ORDER BY v.version", [.text(id)]) { row in
      try make(row, &institutions, session)
    }
  }

  private static func make(
    _ row: Row, _ institutions: inout [String: Institution], _ session: ReadSession
  ) throws -> Offer {
    let owner = try row.text(7)
    if institutions[owner] == nil { institutions[owner] = try InstitutionRows.load(owner, session) }
    let institution = institutions[owner]
    let (id, version) = (try row.text(0), try row.int(1))
    return Offer(
      id: id, version: version, terms: try TermsMemo.shared.terms(try row.text(2), of: id, version: version),
      institutionRegions: institution?.serviceRegions ?? [],
      window: Offer.Window(from: try day(row.optionalInt64(3)), to: try day(row.optionalInt64(4))),
      record: TrackRecord(applications: try row.int64(5), granted: try row.int64(6)),
      institutionName: institution?.nameZH ?? "", institutionKind: institution?.kind)
  }

  private static func day(_ number: Int64?) throws -> BusinessDate? {
    try number.map { try BusinessDate(dayNumber: Int32(clamping: $0)) }
  }
}
