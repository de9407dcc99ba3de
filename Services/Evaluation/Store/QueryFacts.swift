package import EvaluationDomain
package import Kernel
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
    return try await store.read { session in
      var page = QueryPage(rows: [], units: [:], next: nil)
      for id in query.indicatorIDs.sorted() {
        guard let indicator = try DictionarySQL.indicator(id, session) else {
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
        page.rows += try FactQuerySQL(query, id).rows(after: resume, limit: wanted, session)
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
    try await store.read { [view] session in
      let dictionary = try DictionarySQL.allIndicators(session)
      guard let indicator = dictionary[indicatorID] else { throw DomainError.notFound("indicators/\(indicatorID)") }
      let needs = try RunNeeds(indicatorIDs: [indicatorID], period: period) { dictionary[$0] }
      let board = try RunSQL.board(needs, view, session)
      return (
        indicator.unit, try board.rankRegions(by: indicatorID, in: period, digits: digits, prefix: prefix)
      )
    }
  }

  package func series(_ query: SeriesQuery) async throws -> [ValueResolver.Value] {
    try await store.read { [view] session in
      let dictionary = try DictionarySQL.allIndicators(session)
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

/// One indicator's part of a query: from the running totals, or from single values when institutions are told apart.
private struct FactQuerySQL {
  private let query: FactQuery
  private let indicatorID: String
  private var columns: [String] = []
  private var filters: [String] = []
  private var arguments: [SQLValue] = []

  init(_ query: FactQuery, _ indicatorID: String) {
    self.query = query
    self.indicatorID = indicatorID
    let place = query.readsInstitutions ? "institution" : "fact_group"
    for dimension in QueryDimension.allCases where query.dimensions.contains(dimension) {
      switch dimension {
      case .region: columns.append("substr(\(place).region_code, 1, \(query.regionDigits))")
      case .peerGroup: columns.append("\(place).peer_group")
      case .type: columns.append("\(place).type")
      case .institution: columns.append("institution.id")
      case .period: break
      }
    }
    if let from = query.from { filter("period_code >= ?", [.integer(from.code)]) }
    if let to = query.to { filter("period_code <= ?", [.integer(to.code)]) }
    if !query.regionPrefixes.isEmpty {
      let prefixes = query.regionPrefixes.map { "substr(\(place).region_code, 1, \($0.utf8.count)) = ?" }
      filter("(\(prefixes.joined(separator: " OR ")))", query.regionPrefixes.map(SQLValue.text))
    }
    filter("\(place).peer_group", among: query.peerGroups)
    filter("\(place).type", among: query.types)
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

  private var source: (tables: String, sums: String, months: String) {
    if query.readsInstitutions {
      return (
        "fact JOIN institution ON institution.institution_key = fact.institution_key",
        "count(*), sum(fact.value >> 32), sum(fact.value & 4294967295)", "fact.period_code % 10000"
      )
    }
    return (
      "fact_total JOIN fact_group ON fact_group.group_key = fact_total.group_key",
      "sum(fact_total.facts), sum(fact_total.high), sum(fact_total.low)", "fact_total.months"
    )
  }

  /// - Parameter after: the last row's dimensions in order, the period as its code.
  func rows(after: [String], limit: Int, _ session: ReadSession) throws -> [QueryRow] {
    var filters = filters
    var arguments = arguments
    let order = columns + (hasPeriod ? ["period_code"] : [])
    if !after.isEmpty {
      guard after.count == order.count else {
        throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
      }
      var values = after.map(SQLValue.text)
      if hasPeriod, let last = after.last {
        guard let code = Int64(last) else {
          throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
        }
        values[values.count - 1] = .integer(code)
      }
      filters.append("(\(order.joined(separator: ", "))) > (\(order.map { _ in "?" }.joined(separator: ", ")))")
      arguments += values
    }
    let (tables, sums, months) = source
    let keys = (columns + ["period_code"]).joined(separator: ", ")
    let sql = """
      SELECT \(keys), \(sums) FROM \(tables)
      WHERE indicator_key = (SELECT indicator_key FROM indicator WHERE id = ?) AND \(months) = ?
      \(filters.map { "AND \($0)" }.joined(separator: " ")) GROUP BY \(keys) ORDER BY \(keys)
      """
    var fold = QueryFold(indicatorID: indicatorID, keepsPeriod: hasPeriod, limit: limit)
    try session.scan(sql, [.text(indicatorID), .integer(Int64(query.periodMonths))] + arguments) { row in
      let count = columns.count
      let key = try (0..<count).map { try row.text($0) }
      return try fold.take(
        key, Period(code: try row.int64(count)), facts: try row.int64(count + 1),
        SplitSum(high: try row.int64(count + 2), low: try row.int64(count + 3)).total)
    }
    return fold.finish()
  }
}

/// Adds up the periods of one key, which come one after another in their order.
private struct QueryFold {
  let indicatorID: String
  let keepsPeriod: Bool
  let limit: Int
  private var rows: [QueryRow] = []

  init(indicatorID: String, keepsPeriod: Bool, limit: Int) {
    self.indicatorID = indicatorID
    self.keepsPeriod = keepsPeriod
    self.limit = limit
  }

  /// - Returns: whether more rows are wanted.
  mutating func take(_ key: [String], _ period: Period, facts: Int64, _ sum: Int128) throws -> Bool {
    if facts == 0 { return true }
    let full = [indicatorID] + key
    if !keepsPeriod, let last = rows.last, last.key == full {
      rows[rows.count - 1].count += facts
      rows[rows.count - 1].sum += sum
      rows[rows.count - 1].last = sum
      rows[rows.count - 1].lastPeriod = period
      return true
    }
    if rows.count == limit { return false }
    rows.append(
      QueryRow(
        key: full, period: keepsPeriod ? period : nil, count: facts, sum: sum, last: sum, lastPeriod: period))
    return true
  }

  func finish() -> [QueryRow] { rows }
}
