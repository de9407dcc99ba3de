package import EvaluationDomain
import Kernel
import Storage

extension EvaluationStore {
  package func facts(_ filter: FactFilter, after: String?, limit: Int) async throws -> KeysetPage<Fact> {
    let start = try FactCursor(after)
    return try await store.read { session in
      guard
        let institution = try session.first(
          "SELECT institution_key FROM institution WHERE id = ?", [.text(filter.institutionID)], { try $0.int64(0) })
      else { throw DomainError.notFound("institutions/\(filter.institutionID)") }
      if !filter.indicatorID.isEmpty, try DictionarySQL.indicator(filter.indicatorID, session) == nil {
        throw DomainError.notFound("indicators/\(filter.indicatorID)")
      }
      let common: [SQLValue] = [.integer(institution), .text(filter.indicatorID)] + start.arguments
      var arguments = common
      var sql = "SELECT * FROM (\(Self.select("fact", "NULL"))"
      switch filter.state {
      case .inForce: break
      case .withSuperseded:
        sql += " UNION ALL \(Self.select("superseded_fact", "supersede_time_micros"))"
        arguments += common
      case .asOf(let moment):
        let then = SQLValue.integer(moment.microseconds)
        sql += " AND record_time_micros <= ?"
        sql += " UNION ALL \(Self.select("superseded_fact", "supersede_time_micros"))"
        sql += " AND record_time_micros <= ? AND supersede_time_micros > ?"
        arguments += [then] + common + [then, then]
      }
      sql += ") ORDER BY id, period_code, version LIMIT ?"
      let rows = try session.query(sql, arguments + [.integer(Int64(limit) + 1)]) {
        try Self.fact($0, institutionID: filter.institutionID)
      }
      return KeysetPage(rows, limit: limit) { FactCursor($0).text }
    }
  }

  private static func fact(_ row: Row, institutionID: String) throws -> Fact {
    Fact(
      key: FactKey(
        institutionID: institutionID, indicatorID: try row.text(0), period: try Period(code: try row.int64(1))),
      value: try row.int64(3), version: try row.int64(2), recordTime: Instant(microseconds: try row.int64(4)),
      reporter: try row.text(5), supersedeTime: try row.optionalInt64(6).map(Instant.init(microseconds:)),
      daysLate: try row.int(7), evidence: try row.text(8), reason: try row.text(9), confirmer: try row.text(10))
  }

  private static func select(_ table: String, _ superseded: String) -> String {
    """
    SELECT indicator.id AS id, period_code, version, value, record_time_micros, reporter, \(superseded) AS superseded,
      days_late, evidence, reason, confirmer
    FROM indicator JOIN \(table) ON \(table).indicator_key = indicator.indicator_key
    WHERE \(table).institution_key = ? AND ? IN ('', indicator.id) AND (indicator.id, period_code, version) > (?, ?, ?)
    """
  }
}

/// Where a page of facts ended: indicator, period, version.
private struct FactCursor {
  let indicatorID: String
  let period: Int64
  let version: Int64

  init(_ fact: Fact) {
    indicatorID = fact.key.indicatorID
    period = fact.key.period.code
    version = fact.version
  }

  init(_ text: String?) throws(DomainError) {
    guard let text else {
      (indicatorID, period, version) = ("", 0, 0)
      return
    }
    let parts = text.split(separator: " ")
    guard parts.count == 3, let period = Int64(parts[1]), let version = Int64(parts[2]) else {
      throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
    }
    (indicatorID, self.period, self.version) = (String(parts[0]), period, version)
  }

  var text: String { "\(indicatorID) \(period) \(version)" }
  var arguments: [SQLValue] { [.text(indicatorID), .integer(period), .integer(version)] }
}
