import CatalogDomain
import Kernel
import Storage

/// Notices and their receipts as rows.
enum NoticeRows {
  static func load(_ id: String, _ session: ReadSession) throws -> PolicyNotice? {
    try session.first("SELECT body FROM notice WHERE id = ?", [.text(id)], make)
  }

  static func require(_ id: String, _ session: ReadSession) throws -> PolicyNotice {
    guard let notice = try load(id, session) else { throw DomainError.notFound("\(PolicyNotice.collection)/\(id)") }
    return notice
  }

  private static func make(_ row: Row) throws -> PolicyNotice {
    try JSON.decode(PolicyNotice.self, try row.text(0).utf8)
  }

  static func insert(_ notice: PolicyNotice, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO notice (id, kind, state, body) VALUES (?, ?, ?, ?)",
      [
        .text(notice.id), .integer(Int64(notice.kind.rawValue)), .integer(Int64(notice.state.rawValue)),
        .text(try JSON.text(notice)),
      ])
  }

  static func update(_ notice: PolicyNotice, _ session: WriteSession) throws {
    try session.execute(
      "UPDATE notice SET state = ?, body = ? WHERE id = ?",
      [.integer(Int64(notice.state.rawValue)), .text(try JSON.text(notice)), .text(notice.id)])
  }

  /// Newest first. Places and audiences are lists inside the notice, so they are looked at row by row.
  static func page(
    _ filter: NoticeFilter, after: String?, limit: Int, _ session: ReadSession
  ) throws -> [PolicyNotice] {
    var conditions: [String] = []
    var values: [SQLValue] = []
    if let after {
      conditions.append("number < (SELECT number FROM notice WHERE id = ?)")
      values.append(.text(after))
    }
    if let kind = filter.kind {
      conditions.append("kind = ?")
      values.append(.integer(Int64(kind.rawValue)))
    }
    if let state = filter.state {
      conditions.append("state = ?")
      values.append(.integer(Int64(state.rawValue)))
    }
    let condition = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    var found: [PolicyNotice] = []
    try session.scan("SELECT body FROM notice\(condition) ORDER BY number DESC", values) { row in
      let notice = try make(row)
      if let region = filter.region, !notice.target.touches(region: region) { return true }
      if let audience = filter.audience, !notice.audiences.contains(audience) { return true }
      found.append(notice)
      return found.count < limit
    }
    return found
  }

  // MARK: Receipts

  private static let receiptColumns =
    "notice_id, organisation, subject, push_time_micros, acknowledge_time_micros, note"

  static func receipt(_ id: String, _ organisation: String, _ session: ReadSession) throws -> NoticeReceipt? {
    try session.first(
      "SELECT \(receiptColumns) FROM notice_receipt WHERE notice_id = ? AND organisation = ?",
      [.text(id), .text(organisation)], makeReceipt)
  }

  static func receipts(
    of id: String, pendingOnly: Bool, after: String?, limit: Int, _ session: ReadSession
  ) throws -> [NoticeReceipt] {
    var query = KeysetQuery(after: after, limit: limit, column: "organisation")
    query.add("notice_id = ?", .text(id))
    if pendingOnly { query.add("acknowledge_time_micros IS NULL") }
    return try session.query(
      query.sql("SELECT \(receiptColumns) FROM notice_receipt"), query.arguments, makeReceipt)
  }

  static func save(_ receipt: NoticeReceipt, _ session: WriteSession) throws {
    func time(_ instant: Instant?) -> SQLValue { instant.map { .integer($0.microseconds) } ?? .null }
    try session.execute(
      """
      INSERT INTO notice_receipt (\(receiptColumns)) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (notice_id, organisation) DO UPDATE SET
        subject = excluded.subject, acknowledge_time_micros = excluded.acknowledge_time_micros, note = excluded.note
      """,
      [
        .text(receipt.notice), .text(receipt.organisation), .text(receipt.subject), time(receipt.pushTime),
        time(receipt.acknowledgeTime), .text(receipt.note),
      ])
  }

  private static func makeReceipt(_ row: Row) throws -> NoticeReceipt {
    NoticeReceipt(
      notice: try row.text(0), organisation: try row.text(1), subject: try row.text(2),
      pushTime: try row.optionalInt64(3).map { Instant(microseconds: $0) },
      acknowledgeTime: try row.optionalInt64(4).map { Instant(microseconds: $0) }, note: try row.text(5))
  }
}
