package import EvaluationDomain
import Kernel
import Storage

extension EvaluationStore {
  package func indicators(after: String?, limit: Int) async throws -> KeysetPage<Indicator> {
    try await store.read { session in
      let rows: [Indicator] = try session.query(
        "SELECT document FROM indicator WHERE id > ? ORDER BY id LIMIT ?",
        [.text(after ?? ""), .integer(Int64(limit) + 1)]
      ) { try Document.read(try $0.text(0)) }
      return KeysetPage(rows, limit: limit) { $0.id }
    }
  }

  package func institutions(peerGroup: String, after: String?, limit: Int) async throws -> KeysetPage<Institution> {
    try await store.read { session in
      let filter = peerGroup.isEmpty ? "" : "peer_group = ? AND "
      let rows = try session.query(
        "SELECT \(DictionarySQL.institutionColumns) FROM institution WHERE \(filter)id > ? ORDER BY id LIMIT ?",
        (peerGroup.isEmpty ? [] : [.text(peerGroup)]) + [.text(after ?? ""), .integer(Int64(limit) + 1)]
      ) { try DictionarySQL.institution($0) }
      return KeysetPage(rows, limit: limit) { $0.id }
    }
  }

  package func run(id: String) async throws -> Run {
    guard let known = try await store.read({ try RunSQL.run(id, $0)?.run }) else {
      throw DomainError.notFound("runs/\(id)")
    }
    return known
  }

  package func runs(schemeID: String, after: String?, limit: Int) async throws -> KeysetPage<Run> {
    let before = try Self.position(after) ?? .max
    return try await store.read { session in
      let filter = schemeID.isEmpty ? "" : "scheme_id = ? AND "
      let rows: [(key: Int64, run: Run)] = try session.query(
        "SELECT run_key, document FROM run WHERE \(filter)run_key < ? ORDER BY run_key DESC LIMIT ?",
        (schemeID.isEmpty ? [] : [.text(schemeID)]) + [.integer(before), .integer(Int64(limit) + 1)]
      ) { (try $0.int64(0), try Document.read(try $0.text(1))) }
      return KeysetPage(
        items: rows.prefix(limit).map(\.run), next: rows.count > limit ? "\(rows[limit - 1].key)" : nil)
    }
  }

  package func rankings(
    runID: String, table: String, order: RankingOrder, after: String?, limit: Int
  ) async throws -> KeysetPage<ScoreRow> {
    let position = try Self.position(after)
    return try await store.read { session in
      guard let known = try RunSQL.run(runID, session) else { throw DomainError.notFound("runs/\(runID)") }
      if !table.isEmpty, !known.run.tables.contains(where: { $0.name == table }) {
        throw DomainError.notFound("runs/\(runID) table \(table)")
      }
      let filter = table.isEmpty ? "" : " AND table_name = ?"
      let (comparison, direction) = order == .bestFirst ? (">", "ASC") : ("<", "DESC")
      let start = position ?? (order == .bestFirst ? 0 : .max)
      let rows = try session.query(
        """
        SELECT \(RunSQL.rankingColumns) FROM ranking WHERE run_key = ?\(filter) AND position \(comparison) ? ORDER BY position \(direction) LIMIT ?
        """,
        [.integer(known.key)] + (table.isEmpty ? [] : [.text(table)]) + [.integer(start), .integer(Int64(limit) + 1)]
      ) { (position: try $0.int64(0), row: try RunSQL.scoreRow($0)) }
      return KeysetPage(
        items: rows.prefix(limit).map(\.row), next: rows.count > limit ? "\(rows[limit - 1].position)" : nil)
    }
  }

  package func recompute(runID: String) async throws -> Evaluation {
    let loaded = try await store.read { session in
      guard let known = try RunSQL.run(runID, session) else { throw DomainError.notFound("runs/\(runID)") }
      let inputs = try session.first("SELECT inputs FROM run_input WHERE run_key = ?", [.integer(known.key)]) {
        try $0.blob(0)
      }
      return (
        run: known.run, inputs: inputs ?? [],
        scheme: try SchemeSQL.scheme(known.run.schemeID, known.run.schemeVersion, session).scheme,
        dictionary: try DictionarySQL.allIndicators(session)
      )
    }
    guard Digest.hex(loaded.inputs) == loaded.run.digest else {
      throw DomainError(.chainBroken, "the frozen inputs of runs/\(runID) do not fit its digest")
    }
    let input = try RunInput(frozenBytes: loaded.inputs, scheme: loaded.scheme) { loaded.dictionary[$0] }
    let evaluation = try ScoringEngine.evaluate(input)
    guard Digest.hex(evaluation.canonicalBytes) == loaded.run.resultDigest else {
      throw DomainError(.chainBroken, "runs/\(runID) does not follow from its frozen inputs")
    }
    return evaluation
  }

  package func verifyChain() async throws -> ChainFinding {
    let report = try await store.verifyEvents()
    return ChainFinding(
      entries: report.entries, firstBad: report.firstBadSequence,
      headHash: report.head.sequence == 0 ? [] : report.head.hash)
  }

  package func log(after sequence: Int64) -> any AsyncSequence<LogEntry, any Error> & Sendable {
    store.watch(after: sequence).map { event in
      LogEntry(
        sequence: event.sequence, commitTime: event.commitTime, type: event.type, subject: event.subject,
        actor: event.actor, payload: event.payload, hash: event.hash)
    }
  }

  package func logHead() async throws -> Int64 { store.eventHead }

  static func position(_ cursor: String?) throws(DomainError) -> Int64? {
    guard let cursor else { return nil }
    guard let position = Int64(cursor) else {
      throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
    }
    return position
  }
}
