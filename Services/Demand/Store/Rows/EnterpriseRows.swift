import DemandDomain
import Kernel
import Policy
import Storage

/// Firms as rows.
enum EnterpriseRows {
  static let columns = """
    number, id, display_name, region_code, industry_code, size_sector, size_staff, size_revenue_minor, \
    size_assets_minor, size_band, size_day, size_policy_digest, size_citations, platform_grade, first_loan, \
    created_micros, updated_micros, revision, chain, park, merged_into, extra, details
    """

  static func load(_ id: String, _ session: ReadSession) throws -> Listed<Enterprise>? {
    let row = try session.first("SELECT \(columns) FROM enterprises WHERE id = ?", [.text(id)], Self.row)
    return try row.map { try complete($0, session) }
  }

  /// A row without what lies in other tables, and whether anything does; rows of older stores do not say.
  struct Head {
    var listed: Listed<Enterprise>
    var hasDetails: Bool
  }

  static func row(_ row: Row) throws -> Head {
    var columns = Columns(row)
    let number = try columns.integer()
    var enterprise = Enterprise(
      uscc: try UnifiedSocialCreditCode(try columns.text()), displayName: try columns.text(),
      region: try RegionCode(try columns.text()), industry: try IndustryCode(try columns.text()),
      size: try size(&columns), tags: [], grade: try columns.optionalWord(), firstLoan: try columns.flag(),
      consents: [], createdAt: try columns.time(), updatedAt: try columns.time(), revision: try columns.integer())
    let (chain, park) = (try columns.text(), try columns.text())
    enterprise.mergedInto = try columns.optionalText()
    if let extra = try columns.optionalText(), extra != EnterpriseExtra.empty {
      let extra = try EnterpriseExtra(json: try JSONParser.parse(extra))
      enterprise.ties = extra.ties
      enterprise.verification = extra.verification
    }
    enterprise.ties.chain = chain
    enterprise.ties.park = park
    return Head(
      listed: Listed(position: number, item: enterprise),
      hasDetails: try columns.optionalInteger().map { $0 > 0 } ?? true)
  }

  static func complete(_ head: Head, _ session: ReadSession) throws -> Listed<Enterprise> {
    var listed = head.listed
    if !head.hasDetails { return listed }
    listed.item.tags = try session.query(
      "SELECT tag, from_day, to_day FROM enterprise_tags WHERE enterprise = ? ORDER BY position",
      [.integer(listed.position)]
    ) { row in
      var columns = Columns(row)
      return EnterpriseTag(
        tag: try columns.text(), validFrom: try columns.optionalDay(), validTo: try columns.optionalDay())
    }
    listed.item.consents = try session.query(
      """
      SELECT kind, granted_day, expires_day, reference, institution, revoked_day FROM enterprise_consents
      WHERE enterprise = ? ORDER BY position
      """, [.integer(listed.position)]
    ) { row in
      var columns = Columns(row)
      return Consent(
        kind: try columns.word(), grantedOn: try columns.day(), expiresOn: try columns.day(),
        reference: try columns.text(), institution: try columns.text(), revokedOn: try columns.optionalDay())
    }
    return listed
  }

  private static func size(_ columns: inout Columns) throws -> SizeJudgement? {
    let sector = try columns.optionalWord(IndustrySector.self)
    let staff = try columns.optionalInteger()
    let revenue = try columns.optionalInteger()
    let assets = try columns.optionalInteger()
    let band = try columns.optionalWord(SizeBand.self)
    let day = try columns.optionalDay()
    let digest = try columns.optionalText()
    let citations = try columns.optionalText()
    guard let sector, let day, let digest, let citations else { return nil }
    guard case .list(let list) = try JSONParser.parse(citations) else { return nil }
    return SizeJudgement(
      inputs: SizeInputs(
        sector: sector, staff: staff, revenue: revenue.map { Money($0, .cny) }, assets: assets.map { Money($0, .cny) }),
      band: band, citations: try list.map(Citation.init(json:)), asOf: day, policyDigest: digest)
  }

  /// The number that the next firm gets.
  static func next(_ session: ReadSession) throws -> Int64 {
    let last = try session.first("SELECT max(number) FROM enterprises") { try $0.optionalInt64(0) }
    return ((last ?? nil) ?? 0) + 1
  }

  /// Which of the codes stand in a table.
  static func known(
    among ids: [String], in table: String, _ column: String, _ session: ReadSession
  ) throws -> Set<String> {
    var known: Set<String> = []
    for start in stride(from: 0, to: ids.count, by: Self.lookup) {
      let part = Array(ids[start..<min(start + Self.lookup, ids.count)])
      let padded = part + Array(repeating: part[0], count: Self.lookup - part.count)
      known.formUnion(
        try session.query(
          "SELECT \(column) FROM \(table) WHERE \(column) IN (\(Self.places))", padded.map { .text($0) }
        ) { try $0.text(0) })
    }
    return known
  }

  /// Codes looked up by one statement.
  private static let lookup = 100
  private static let places = Array(repeating: "?", count: lookup).joined(separator: ", ")

  /// Codes of a firm and their places.
  typealias Codes = [(id: String, region: RegionCode)]

  /// Those that were merged into it.
  static func merged(into id: String, _ session: ReadSession) throws -> Codes {
    try session.query("SELECT id, region_code FROM enterprises WHERE merged_into = ?", [.text(id)]) {
      (try $0.text(0), try RegionCode(try $0.text(1)))
    }
  }

  /// Its own, when it is registered, and those that were merged into it.
  static func codes(of id: String, _ session: ReadSession) throws -> Codes {
    let own = try session.query("SELECT region_code FROM enterprises WHERE id = ?", [.text(id)]) {
      (id: id, region: try RegionCode(try $0.text(0)))
    }
    return own + (try merged(into: id, session))
  }

  /// - Parameter sequence: that of the event that registers the firm.
  static func insert(
    _ enterprise: Enterprise, _ texts: EnterpriseTexts, number: Int64, sequence: Int64, _ session: WriteSession
  ) throws {
    try session.execute(
      """
      INSERT INTO enterprises (number, id, display_name, region_code, region_city, region_county, industry_code, size_sector,
        size_staff, size_revenue_minor, size_assets_minor, size_band, size_day, size_policy_digest, size_citations,
        platform_grade, first_loan, created_micros, updated_micros, revision, chain, park, merged_into, extra,
        details, first_sequence)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, [.integer(number), .text(enterprise.id)] + values(enterprise, texts) + [.integer(sequence)])
    try insertDetails(enterprise, number, session)
  }

  /// - Parameter sequence: that of the event that changes the firm.
  static func update(
    _ enterprise: Enterprise, _ texts: EnterpriseTexts, sequence: Int64, _ session: WriteSession
  ) throws {
    try session.execute(
      """
      UPDATE enterprises SET display_name = ?, region_code = ?, region_city = ?, region_county = ?, industry_code = ?,
        size_sector = ?, size_staff = ?, size_revenue_minor = ?, size_assets_minor = ?, size_band = ?, size_day = ?,
        size_policy_digest = ?, size_citations = ?, platform_grade = ?, first_loan = ?, created_micros = ?,
        updated_micros = ?, revision = ?, chain = ?, park = ?, merged_into = ?, extra = ?, details = ?
      WHERE id = ?
      """, values(enterprise, texts) + [.text(enterprise.id)])
    let number = try number(of: enterprise.id, session)
    try session.execute(
      "INSERT INTO enterprise_events (enterprise, sequence) VALUES (?, ?)", [.integer(number), .integer(sequence)])
    try session.execute("DELETE FROM enterprise_tags WHERE enterprise = ?", [.integer(number)])
    try session.execute("DELETE FROM enterprise_consents WHERE enterprise = ?", [.integer(number)])
    try insertDetails(enterprise, number, session)
  }

  private static func number(of id: String, _ session: ReadSession) throws -> Int64 {
    guard
      let number = try session.first("SELECT number FROM enterprises WHERE id = ?", [.text(id)], { try $0.int64(0) })
    else { throw StorageError(.other, "an enterprise that was just written is not there") }
    return number
  }

  private static func values(_ enterprise: Enterprise, _ texts: EnterpriseTexts) -> [SQLValue] {
    let size = enterprise.size
    return [
      .text(enterprise.displayName), .text(enterprise.region.text), .text(enterprise.region.city),
      .text(enterprise.region.county), .text(enterprise.industry.text), .text(size?.inputs.sector.rawValue),
      .integer(size?.inputs.staff), .integer(size?.inputs.revenue?.minorUnits),
      .integer(size?.inputs.assets?.minorUnits), .text(size?.band?.rawValue), .day(size?.asOf),
      .text(size?.policyDigest), .text(texts.citations),
      .text(enterprise.grade?.rawValue), .flag(enterprise.firstLoan), .time(enterprise.createdAt),
      .time(enterprise.updatedAt), .integer(enterprise.revision), .text(enterprise.ties.chain),
      .text(enterprise.ties.park), .text(enterprise.mergedInto), .text(texts.extra),
      .integer(Int64(enterprise.tags.count + enterprise.consents.count)),
    ]
  }

  private static func insertDetails(_ enterprise: Enterprise, _ number: Int64, _ session: WriteSession) throws {
    for (position, tag) in enterprise.tags.enumerated() {
      try session.execute(
        "INSERT INTO enterprise_tags (enterprise, position, tag, from_day, to_day) VALUES (?, ?, ?, ?, ?)",
        [.integer(number), .integer(Int64(position)), .text(tag.tag), .day(tag.validFrom), .day(tag.validTo)])
    }
    for (position, consent) in enterprise.consents.enumerated() {
      try session.execute(
        """
        INSERT INTO enterprise_consents (enterprise, position, kind, granted_day, expires_day, reference, institution,
          revoked_day)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(number), .integer(Int64(position)), .text(consent.kind.rawValue), .day(consent.grantedOn),
          .day(consent.expiresOn), .text(consent.reference), .text(consent.institution), .day(consent.revokedOn),
        ])
    }
  }
}
