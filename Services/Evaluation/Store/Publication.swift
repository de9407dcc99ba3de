package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func startReview(
    id: String, etag: String, reviewEnd: BusinessDate, appealEnd: BusinessDate, envelope: CommandEnvelope,
    encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run> {
    try await store.command(envelope, encode: encode) { session in
      let known = try RunSQL.existing(id, session)
      let run = try known.run.inReview(
        until: reviewEnd, appealsUntil: appealEnd, etag: etag,
        isSchemeAdopted: try RunSQL.isSchemeAdopted(known.run, session), today: try envelope.now.shanghaiDate())
      try RunSQL.replace(run, key: known.key, session)
      try session.append(
        event: try Document.event(
          "run.in-review", "runs/\(id)", envelope.caller.organisation,
          [
            "digest": .text(run.digest), "review_end": .text(reviewEnd.description),
            "appeal_end": .text(appealEnd.description),
          ]))
      return run
    }
  }

  package func publishRun(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run> {
    try await store.command(envelope, encode: encode) { session in
      let known = try RunSQL.existing(id, session)
      let published = try known.run.published(
        by: envelope.caller, etag: etag,
        check: PublicationCheck(
          isSchemeAdopted: try RunSQL.isSchemeAdopted(known.run, session),
          openAppeals: try AppealSQL.count(.open, runID: id, session),
          upheldAppeals: try AppealSQL.count(.upheld, runID: id, session), today: try envelope.now.shanghaiDate()),
        now: envelope.now)
      try RunSQL.replace(published, key: known.key, session)
      try RunSQL.announce(published, envelope, session)
      return published
    }
  }

  package func correctRun(
    id: String, etag: String, replacementID: String, reason: String, envelope: CommandEnvelope,
    encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run> {
    try await store.command(envelope, encode: encode) { session in
      let known = try RunSQL.existing(id, session)
      let replacement = try RunSQL.existing(replacementID, session)
      let exchanged = try known.run.corrected(
        by: replacement.run, reason: reason, etag: etag,
        isSchemeAdopted: try RunSQL.isSchemeAdopted(replacement.run, session), caller: envelope.caller,
        now: envelope.now)
      try RunSQL.replace(exchanged.old, key: known.key, session)
      try RunSQL.replace(exchanged.new, key: replacement.key, session)
      try session.append(
        event: try Document.event(
          "run.corrected", "runs/\(id)", envelope.caller.organisation,
          ["superseded_by": .text("runs/\(replacementID)"), "reason": .text(reason)]))
      try RunSQL.announce(exchanged.new, envelope, session)
      return exchanged.new
    }
  }

  package func rows(runID: String, table: String) async throws -> [ScoreRow] {
    try await store.read { session in
      let known = try RunSQL.existing(runID, session)
      if !table.isEmpty, !known.run.tables.contains(where: { $0.name == table }) {
        throw DomainError.notFound("runs/\(runID) table \(table)")
      }
      return try session.query(
        """
        SELECT \(RunSQL.rankingColumns) FROM ranking WHERE run_key = ? AND ? IN ('', table_name) ORDER BY position
        """, [.integer(known.key), .text(table)], RunSQL.scoreRow)
    }
  }

  package func previousComparable(to run: Run) async throws -> Run? {
    try await store.read { session in
      let runs: [Run] = try session.query("SELECT document FROM run WHERE scheme_id = ?", [.text(run.schemeID)]) {
        try Document.read(try $0.text(0))
      }
      return try run.previousComparable(among: runs)
    }
  }
}

extension RunSQL {
  /// - Throws: `RESOURCE_NOT_FOUND`.
  static func existing(_ id: String, _ session: ReadSession) throws -> (key: Int64, run: Run) {
    guard let known = try run(id, session) else { throw DomainError.notFound("runs/\(id)") }
    return known
  }

  static func isSchemeAdopted(_ run: Run, _ session: ReadSession) throws -> Bool {
    try SchemeSQL.scheme(run.schemeID, run.schemeVersion, session).adoption.isAdopted
  }

  static func announce(_ published: Run, _ envelope: CommandEnvelope, _ session: WriteSession) throws {
    try session.append(
      event: try Document.event(
        "run.published", "runs/\(published.id)", envelope.caller.organisation,
        [
          "digest": .text(published.digest), "result_digest": .text(published.resultDigest),
          "publisher": .text(published.publisher),
        ]))
  }
}
