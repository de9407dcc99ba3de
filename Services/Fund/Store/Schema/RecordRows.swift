import FundDomain
import Kernel
import Storage

/// Records as rows.
enum RecordRows {
  static let upsert = """
    INSERT INTO fund_record (kind, id, pool, owner, party, state, attention_day, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (kind, id) DO UPDATE SET pool = excluded.pool, owner = excluded.owner, party = excluded.party,
      state = excluded.state, attention_day = excluded.attention_day, body = excluded.body
    """

  static func values<R: FundRecord>(_ record: R) throws -> [SQLValue] {
    [
      .code(R.kind), .text(record.id), .text(record.pool), .text(record.owner), .text(record.party),
      .integer(record.stateCode), .day(record.attentionOn), .text(try JSONColumn.encodeValue(record)),
    ]
  }

  /// `WHERE … ORDER BY id LIMIT ?`
  static func selection(_ kind: RecordKind, _ query: RecordQuery) -> (sql: String, arguments: [SQLValue]) {
    var conditions = ["kind = ?", "id > ?"]
    var arguments: [SQLValue] = [.code(kind), .text(query.after)]
    // The second half lets the engine use an index that leaves empty texts out.
    for (column, value) in [("owner", query.owner), ("party", query.party)] {
      guard let value else { continue }
      conditions.append("\(column) = ?")
      if !value.isEmpty { conditions.append("\(column) <> ''") }
      arguments.append(.text(value))
    }
    if let pool = query.pool {
      conditions.append("pool = ?")
      arguments.append(.text(pool))
    }
    if let state = query.state {
      conditions.append("state = ?")
      arguments.append(.integer(state))
    }
    if let day = query.attentionBy {
      conditions.append("attention_day IS NOT NULL AND attention_day <= ?")
      arguments.append(.day(day))
    }
    arguments.append(.integer(Int64(clamping: query.limit)))
    return ("WHERE \(conditions.joined(separator: " AND ")) ORDER BY id LIMIT ?", arguments)
  }
}
