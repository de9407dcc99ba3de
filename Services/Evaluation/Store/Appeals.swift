package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func fileAppeal(
    _ filing: AppealFiling, envelope: CommandEnvelope, encode: @escaping Encode<Appeal>
  ) async throws -> CommandReply<Appeal> {
    try await store.command(envelope, encode: encode) { session in
      let institutionID = envelope.caller.organisation
      let known = try RunSQL.existing(filing.runID, session)
      // A draft does not exist for institutions.
      if known.run.state == .draft { throw DomainError.notFound("runs/\(filing.runID)") }
      let line = try session.first(
        "SELECT 1 FROM ranking WHERE run_key = ? AND institution_id = ?",
        [.integer(known.key), .text(institutionID)]
      ) { try $0.int(0) }
      if line == nil {
        throw DomainError(.outOfScope, "\(institutionID) has no line in runs/\(filing.runID)", field: "run")
      }
      if !filing.indicatorID.isEmpty, try DictionarySQL.indicator(filing.indicatorID, session) == nil {
        throw DomainError.notFound("indicators/\(filing.indicatorID)")
      }
      try known.run.requireAppealable(
        today: try envelope.now.shanghaiDate(),
        open: try AppealSQL.count(.open, runID: filing.runID, institutionID: institutionID, session))
      // The key of the request makes the name: the same request names the same appeal.
      let id = String(Digest.hex("\(institutionID)\n\(filing.runID)\n\(envelope.requestID)").prefix(32))
      let appeal = Appeal(
        id: id, runID: filing.runID, institutionID: institutionID, indicatorID: filing.indicatorID,
        grounds: filing.grounds, evidenceKind: filing.evidenceKind, evidenceReference: filing.evidenceReference,
        appellant: Run.person(envelope.caller), createTime: envelope.now)
      try session.execute(
        "INSERT INTO appeal (id, run_id, institution_id, state, document) VALUES (?, ?, ?, 'open', ?)",
        [.text(id), .text(filing.runID), .text(institutionID), .text(try Document.text(appeal))])
      try session.append(
        event: try Document.event(
          "appeal.filed", "appeals/\(id)", institutionID,
          ["run": .text("runs/\(filing.runID)"), "indicator": .text(filing.indicatorID)]))
      return appeal
    }
  }

  package func answerAppeal(
    id: String, decision: Appeal.State, answer: String, envelope: CommandEnvelope, encode: @escaping Encode<Appeal>
  ) async throws -> CommandReply<Appeal> {
    try await store.command(envelope, encode: encode) { session in
      let found: Appeal? = try session.first("SELECT document FROM appeal WHERE id = ?", [.text(id)]) {
        try Document.read(try $0.text(0))
      }
      guard let found else { throw DomainError.notFound("appeals/\(id)") }
      let appeal = try found.answered(decision, answer: answer, by: envelope.caller, now: envelope.now)
      try session.execute(
        "UPDATE appeal SET state = ?, document = ? WHERE id = ?",
        [.text(appeal.state.rawValue), .text(try Document.text(appeal)), .text(id)])
      try session.append(
        event: try Document.event(
          "appeal.answered", "appeals/\(id)", envelope.caller.organisation,
          [
            "run": .text("runs/\(appeal.runID)"), "institution": .text(appeal.institutionID),
            "decision": .text(appeal.state.rawValue),
          ]))
      return appeal
    }
  }

  package func appeals(
    runID: String, institutionID: String, after: String?, limit: Int
  ) async throws -> KeysetPage<Appeal> {
    let position = try Self.position(after) ?? 0
    return try await store.read { session in
      _ = try RunSQL.existing(runID, session)
      let rows: [(key: Int64, appeal: Appeal)] = try session.query(
        """
        SELECT appeal_key, document FROM appeal WHERE run_id = ? AND ? IN ('', institution_id) AND appeal_key > ?
        ORDER BY appeal_key LIMIT ?
        """, [.text(runID), .text(institutionID), .integer(position), .integer(Int64(limit) + 1)]
      ) { (try $0.int64(0), try Document.read(try $0.text(1))) }
      return KeysetPage(
        items: rows.prefix(limit).map(\.appeal), next: rows.count > limit ? "\(rows[limit - 1].key)" : nil)
    }
  }
}

enum AppealSQL {
  /// - Parameter institutionID: empty for all.
  static func count(
    _ state: Appeal.State, runID: String, institutionID: String = "", _ session: ReadSession
  ) throws -> Int {
    try session.first(
      "SELECT count(*) FROM appeal WHERE run_id = ? AND state = ? AND ? IN ('', institution_id)",
      [.text(runID), .text(state.rawValue), .text(institutionID)]
    ) { try $0.int(0) } ?? 0
  }
}
