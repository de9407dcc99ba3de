package import EvaluationDomain
import Kernel
import Storage

extension EvaluationStore {
  package func query(_ query: FactQuery, after: String?, limit: Int) async throws -> QueryPage {
    let start: [String]
    if let after {
      guard let read = try? Document.read(after, as: [String].self), !read.isEmpty else {
        throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
      }
      start = read
    } else {
      start = []
    }
    return try await store.read { [view, documents] session in
      var page = QueryPage(rows: [], units: [:], next: nil)
      let places = query.readsInstitutions ? nil : try QueryPlaces(query, session)
      for id in query.indicatorIDs.sorted() {
        guard let indicator = try DictionarySQL.indicator(id, session, documents) else {
          throw DomainError.notFound("indicators/\(id)")
        }
        guard indicator.derivation == nil else {
          throw DomainError.invalid("indicator_ids", "\(id) is computed: ask for what it is computed from")
        }
        page.units[id] = indicator.unit
        if let first = start.first, id < first { continue }
        let wanted = limit + 1 - page.rows.count
        guard wanted > 0 else { break }
        let resume = start.first == id ? Array(start.dropFirst()) : []
        if let places {
          guard let series = try view.series([id], session)[id] else { continue }
          page.rows += places.rows(of: id, in: series, after: try query.position(resume), limit: wanted)
        } else {
          page.rows += try FactQuerySQL(query, id).rows(after: resume, limit: wanted, session)
        }
      }
      if page.rows.count > limit {
        page.rows.removeLast(page.rows.count - limit)
        page.next = try page.rows.last.map { row in
          try Document.text(row.key + (row.period.map { [String($0.code)] } ?? []))
        }
      }
      return page
    }
  }

  package func rankRegions(
    indicatorID: String, period: Period, digits: Int, prefix: String
  ) async throws -> (unit: IndicatorUnit, regions: [RegionRank]) {
    try await store.read { [view, documents] session in
      let dictionary = try DictionarySQL.allIndicators(session, documents)
      guard let indicator = dictionary[indicatorID] else { throw DomainError.notFound("indicators/\(indicatorID)") }
      let needs = try RunNeeds(indicatorIDs: [indicatorID], period: period) { dictionary[$0] }
      let board = try RunSQL.board(needs, view, session)
      return (
        indicator.unit, try board.rankRegions(by: indicatorID, in: period, digits: digits, prefix: prefix)
      )
    }
  }

  package func series(_ query: SeriesQuery) async throws -> [ValueResolver.Value] {
    try await store.read { [view, documents] session in
      let dictionary = try DictionarySQL.allIndicators(session, documents)
      guard dictionary[query.indicatorID] != nil else { throw DomainError.notFound("indicators/\(query.indicatorID)") }
      let needs = try RunNeeds(indicatorIDs: [query.indicatorID], periods: query.periods) { dictionary[$0] }
      let board = try RunSQL.board(needs, view, session)
      return try query.periods.map { period in
        switch query.subject {
        case .institution(let id): try board.value(of: query.indicatorID, in: period, institution: id)
        case .region(let code): try board.value(of: query.indicatorID, in: period, region: code)
        }
      }
    }
  }
}

extension QueryPlaces {
  fileprivate init(_ query: FactQuery, _ session: ReadSession) throws {
    let members = try session.query("SELECT institution_key, region_code, peer_group, type FROM institution") { row in
      Member(
        number: try row.int64(0), regionCode: try row.text(1), peerGroup: try row.text(2), type: try row.text(3))
    }
    self.init(query, members: members)
  }
}

extension FactQuery {
  /// Where a page goes on, from the last row's dimensions in order and its period as a code; `nil` at the start.
  fileprivate func position(_ after: [String]) throws(DomainError) -> QueryPosition? {
    if after.isEmpty { return nil }
    let count = dimensions.subtracting([.period]).count
    let hasPeriod = dimensions.contains(.period)
    guard after.count == count + (hasPeriod ? 1 : 0) else { throw Self.unknownToken }
    var period: Period?
    if hasPeriod {
      guard let code = Int64(after[count]), let packed = Period.packed(code: code) else { throw Self.unknownToken }
      period = Period(packed: packed)
    }
    return QueryPosition(key: Array(after.prefix(count)), period: period)
  }

  fileprivate static let unknownToken = DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
}

/// One indicator's part of a query that tells institutions apart.
private struct FactQuerySQL {
  private let query: FactQuery
  private let indicatorID: String
  private var columns: [String] = []
  private var filters: [String] = []
  private var arguments: [SQLValue] = []

  init(_ query: FactQuery, _ indicatorID: String) {
    self.query = query
    self.indicatorID = indicatorID
    for dimension in QueryDimension.allCases where query.dimensions.contains(dimension) {
      switch dimension {
      case .region: columns.append("substr(institution.region_code, 1, \(query.regionDigits))")
      case .peerGroup: columns.append("institution.peer_group")
      case .type: columns.append("institution.type")
      case .institution: columns.append("institution.id")
      case .period: break
      }
    }
    if let from = query.from { filter("period_code >= ?", [.integer(from.code)]) }
    if let to = query.to { filter("period_code <= ?", [.integer(to.code)]) }
    if !query.regionPrefixes.isEmpty {
      let prefixes = query.regionPrefixes.map { "substr(institution.region_code, 1, \($0.utf8.count)) = ?" }
      filter("(\(prefixes.joined(separator: " OR ")))", query.regionPrefixes.map(SQLValue.text))
    }
    filter("institution.peer_group", among: query.peerGroups)
    filter("institution.type", among: query.types)
    filter("institution.id", among: query.institutionIDs)
  }

  private mutating func filter(_ condition: String, _ values: [SQLValue]) {
    filters.append(condition)
    arguments += values
  }

  private mutating func filter(_ column: String, among values: [String]) {
    if values.isEmpty { return }
    filter("\(column) IN (\(values.map { _ in "?" }.joined(separator: ", ")))", values.map(SQLValue.text))
  }

  private var hasPeriod: Bool { query.dimensions.contains(.period) }

  func rows(after: [String], limit: Int, _ session: ReadSession) throws -> [QueryRow] {
    var filters = filters
    var arguments = arguments
    if let after = try query.position(after) {
      let order = columns + (hasPeriod ? ["period_code"] : [])
      filters.append("(\(order.joined(separator: ", "))) > (\(order.map { _ in "?" }.joined(separator: ", ")))")
      arguments += after.key.map(SQLValue.text) + (after.period.map { [.integer($0.code)] } ?? [])
    }
    // A sum of many values does not fit 64 bits; their halves do.
    let keys = (columns + ["period_code"]).joined(separator: ", ")
    let sql = """
      SELECT \(keys), count(*), sum(fact.value >> 32), sum(fact.value & 4294967295)
      FROM fact JOIN institution ON institution.institution_key = fact.institution_key
      WHERE indicator_key = (SELECT indicator_key FROM indicator WHERE id = ?) AND fact.period_code % 10000 = ?
      \(filters.map { "AND \($0)" }.joined(separator: " ")) GROUP BY \(keys) ORDER BY \(keys)
      """
    var fold = QueryFold(indicatorID: indicatorID, keepsPeriod: hasPeriod, limit: limit)
    try session.scan(sql, [.text(indicatorID), .integer(Int64(query.periodMonths))] + arguments) { row in
      let count = columns.count
      let key = try (0..<count).map { try row.text($0) }
      return try fold.take(
        key, Period(code: try row.int64(count)), facts: try row.int64(count + 1),
        (Int128(try row.int64(count + 2)) << 32) + Int128(try row.int64(count + 3)))
    }
    return fold.rows
  }
}
