package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func setTargets(
    _ targets: [Target], envelope: CommandEnvelope, encode: @escaping Encode<TargetReceipt>
  ) async throws -> CommandReply<TargetReceipt> {
    try await store.command(envelope, encode: encode) { session in
      let dictionary = try DictionarySQL.allIndicators(session)
      var receipt = TargetReceipt()
      for (index, target) in targets.enumerated() {
        do {
          try target.validate(
            indicator: dictionary[target.indicatorID],
            isInstitutionKnown: { try DictionarySQL.institution($0, session) != nil }, dictionary: { dictionary[$0] })
          let current = try TargetSQL.current(target, session)
          guard let decided = try target.decide(current: current) else {
            receipt.unchanged += 1
            continue
          }
          try TargetSQL.record(decided, replacing: current != nil, session)
          if current == nil { receipt.set += 1 } else { receipt.changed += 1 }
        } catch let error as DomainError {
          throw error.within("targets[\(index)]")
        }
      }
      try session.append(
        event: try Document.event(
          "targets.set", "targets", envelope.caller.organisation,
          [
            "set": .number(Int64(receipt.set)), "changed": .number(Int64(receipt.changed)),
            "request_sha256": .text(Hex.text(envelope.requestHash)),
          ]))
      return receipt
    }
  }

  package func progress(
    _ filter: ProgressFilter, after: String?, limit: Int
  ) async throws -> KeysetPage<ProgressLine> {
    try await store.read { [view] session in
      let targets = try TargetSQL.targets(filter, after: after, limit: limit + 1, session)
      let page = KeysetPage(targets, limit: limit) { "\($0.indicatorID) \($0.subject.text)" }
      guard !page.items.isEmpty else { return KeysetPage<ProgressLine>(items: [], next: nil) }
      let dictionary = try DictionarySQL.allIndicators(session)
      let needs = try RunNeeds(
        indicatorIDs: Set(page.items.map(\.indicatorID)).sorted(), period: filter.period
      ) { dictionary[$0] }
      let board = try RunSQL.board(needs, view, session)
      return KeysetPage(items: try page.items.map(board.line), next: page.next)
    }
  }
}

enum TargetSQL {
  private static let columns = "subject, indicator_id, period_code, value, reason, version, setter, record_time_micros"

  private static func target(_ row: Row) throws -> Target {
    guard let subject = TargetSubject(text: try row.text(0)) else {
      throw StorageError(.misuse, "a target of nobody")
    }
    return Target(
      subject: subject, indicatorID: try row.text(1), period: try Period(code: try row.int64(2)),
      value: try row.int64(3), reason: try row.text(4), version: try row.int64(5), setter: try row.text(6),
      recordTime: Instant(microseconds: try row.int64(7)))
  }

  private static func key(_ target: Target) -> [SQLValue] {
    [.integer(target.period.code), .text(target.indicatorID), .text(target.subject.text)]
  }

  static func current(_ target: Target, _ session: ReadSession) throws -> Target? {
    try session.first(
      "SELECT \(columns) FROM target WHERE period_code = ? AND indicator_id = ? AND subject = ?", key(target),
      Self.target)
  }

  static func record(_ target: Target, replacing: Bool, _ session: WriteSession) throws {
    if replacing {
      try session.execute(
        """
        INSERT INTO superseded_target (\(columns))
        SELECT \(columns) FROM target WHERE period_code = ? AND indicator_id = ? AND subject = ?
        """, key(target))
      try session.execute(
        "DELETE FROM target WHERE period_code = ? AND indicator_id = ? AND subject = ?", key(target))
    }
    try session.execute(
      "INSERT INTO target (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      [
        .text(target.subject.text), .text(target.indicatorID), .integer(target.period.code), .integer(target.value),
        .text(target.reason), .integer(target.version), .text(target.setter),
        .integer(target.recordTime.microseconds),
      ])
  }

  static func targets(
    _ filter: ProgressFilter, after: String?, limit: Int, _ session: ReadSession
  ) throws -> [Target] {
    let parts = (after ?? " ").split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
    }
    var subjects: [String] = []
    if !filter.institutionID.isEmpty { subjects.append(TargetSubject.institution(filter.institutionID).text) }
    if !filter.regionCode.isEmpty { subjects.append(TargetSubject.region(filter.regionCode).text) }
    let wanted = subjects.isEmpty ? "" : "AND subject IN (\(subjects.map { _ in "?" }.joined(separator: ", ")))"
    return try session.query(
      """
      SELECT \(columns) FROM target WHERE period_code = ? AND ? IN ('', indicator_id)
      AND (indicator_id, subject) > (?, ?) \(wanted) ORDER BY indicator_id, subject LIMIT ?
      """,
      [.integer(filter.period.code), .text(filter.indicatorID), .text(parts[0]), .text(parts[1])]
        + subjects.map(SQLValue.text) + [.integer(Int64(limit))], target)
  }
}
