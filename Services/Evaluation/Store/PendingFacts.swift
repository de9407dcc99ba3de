package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func decidePendingFact(
    id: String, decision: PendingFact.State, reason: String, envelope: CommandEnvelope,
    encode: @escaping Encode<PendingFact>
  ) async throws -> CommandReply<PendingFact> {
    try await store.command(envelope, encode: encode) { [documents] session in
      let open = try PendingSQL.existing(id, session)
      let keys = try FactKeys([open.fact], documents, session)
      guard let institution = keys.institution(open.fact.institutionID) else {
        throw DomainError.notFound("institutions/\(open.fact.institutionID)")
      }
      let decided = try open.decided(
        decision, reason: reason, by: envelope.caller, institution: institution, now: envelope.now)
      if decision == .confirmed {
        let key = FactKey(
          institutionID: open.fact.institutionID, indicatorID: open.fact.indicatorID,
          period: try Period(open.fact.period))
        let write = try decided.write(
          key, rules: keys.indicators.first?.rules,
          current: try FactSQL.current([key], keys, session)[key], submitted: try open.createTime.shanghaiDate())
        try FactSQL.write(
          try keys.placed(write.map { [$0] } ?? []), keys, reporter: open.reporter, confirmer: decided.decider,
          now: envelope.now,
          session)
      }
      try session.execute(
        "UPDATE pending_fact SET state = ?, document = ? WHERE id = ?",
        [.text(decided.state.rawValue), .text(try Document.text(decided)), .text(id)])
      try session.append(
        event: try Document.event(
          "fact.decided", "pendingFacts/\(id)", envelope.caller.organisation,
          [
            "decision": .text(decided.state.rawValue), "institution": .text(open.fact.institutionID),
            "indicator": .text(open.fact.indicatorID), "period": .text(open.fact.period),
          ]))
      return decided
    }
  }

  package func pendingFact(id: String) async throws -> PendingFact {
    try await store.read { try PendingSQL.existing(id, $0) }
  }

  package func pendingFacts(
    institutionID: String, after: String?, limit: Int
  ) async throws -> KeysetPage<PendingFact> {
    let position = try Self.position(after) ?? 0
    return try await store.read { session in
      let rows: [(key: Int64, fact: PendingFact)] = try session.query(
        """
        SELECT pending_key, document FROM pending_fact WHERE state = 'open' AND ? IN ('', institution_id)
        AND pending_key > ? ORDER BY pending_key LIMIT ?
        """, [.text(institutionID), .integer(position), .integer(Int64(limit) + 1)]
      ) { (try $0.int64(0), try Document.read(try $0.text(1))) }
      return KeysetPage(
        items: rows.prefix(limit).map(\.fact), next: rows.count > limit ? "\(rows[limit - 1].key)" : nil)
    }
  }
}

enum PendingSQL {
  /// - Throws: `RESOURCE_NOT_FOUND`.
  static func existing(_ id: String, _ session: ReadSession) throws -> PendingFact {
    let found: PendingFact? = try session.first("SELECT document FROM pending_fact WHERE id = ?", [.text(id)]) {
      try Document.read(try $0.text(0))
    }
    guard let found else { throw DomainError.notFound("pendingFacts/\(id)") }
    return found
  }

  /// Values that wait at the places whose indicators ask for a second person.
  static func waiting(
    _ places: some Sequence<FactPlace>, _ keys: FactKeys, _ session: ReadSession
  ) throws -> [FactPlace: Int64] {
    let isAsked = keys.indicators.map { $0.rules?.confirmFrom != nil }
    var found: [FactPlace: Int64] = [:]
    if !isAsked.contains(true) { return found }
    for place in places where isAsked[place.indicator] {
      found[place] = try session.first(
        """
        SELECT value FROM pending_fact WHERE indicator_id = ? AND institution_id = ? AND period_code = ?
        AND state = 'open'
        """,
        [
          .text(keys.indicators[place.indicator].id), .text(keys.institutions[place.institution].id),
          .integer(place.period.code),
        ]
      ) { try $0.int64(0) }
    }
    return found
  }

  static func hold(
    _ row: FactInput, _ held: FactIntake.Held, _ envelope: CommandEnvelope, _ session: WriteSession
  ) throws {
    // The key of the request and the row make the name: the same request names the same submission.
    let id = String(Digest.hex("\(envelope.caller.organisation)\n\(envelope.requestID)\n\(held.row)").prefix(32))
    let pending = PendingFact(id: id, fact: row, submitter: envelope.caller, createTime: envelope.now)
    try session.execute(
      """
      INSERT INTO pending_fact (id, indicator_id, institution_id, period_code, value, state, document)
      VALUES (?, ?, ?, ?, ?, 'open', ?)
      """,
      [
        .text(id), .text(held.key.indicatorID), .text(held.key.institutionID), .integer(held.key.period.code),
        .integer(row.value), .text(try Document.text(pending)),
      ])
  }
}
