package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func runEvaluation(
    _ request: RunRequest, envelope: CommandEnvelope, encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run> {
    // Computed on a snapshot, beside the writer: a run freezes what was known when it was asked for. A refusal is
    // carried into the command, so that a replay of the key repeats it.
    let computed: Result<FrozenRun, DomainError>
    do {
      let input = try await load(request)
      computed = .success(
        try await FrozenRun.compute(
          input, creator: envelope.caller, now: envelope.now, hash: Digest.hex))
    } catch let error as DomainError {
      computed = .failure(error)
    }
    return try await store.command(envelope, encode: encode) { session in
      let frozen = try computed.get()
      if let known = try RunSQL.run(frozen.run.id, session) { return known.run }
      try RunSQL.insert(frozen, session)
      try session.append(
        event: try Document.event(
          "run.created", "runs/\(frozen.run.id)", envelope.caller.organisation,
          [
            "scheme": .text("schemes/\(frozen.run.schemeID)"), "version": .number(Int64(frozen.run.schemeVersion)),
            "period": .text(frozen.run.period), "digest": .text(frozen.run.digest),
            "result_digest": .text(frozen.run.resultDigest),
          ]))
      return frozen.run
    }
  }

  private func load(_ request: RunRequest) async throws -> RunInput {
    try await store.read { [policyDigest, view, documents] session in
      let version = try request.schemeVersion ?? SchemeSQL.latestAdopted(request.schemeID, session)
      let scheme = try SchemeSQL.scheme(request.schemeID, version, session).scheme
      return try RunSQL.input(scheme, request.scope, policyDigest: policyDigest, view, documents, session)
    }
  }
}

enum RunSQL {
  static func run(_ id: String, _ session: ReadSession) throws -> (key: Int64, run: Run)? {
    try session.first("SELECT run_key, document FROM run WHERE id = ?", [.text(id)]) {
      (try $0.int64(0), try Document.read(try $0.text(1)))
    }
  }

  static func insert(_ frozen: FrozenRun, _ session: WriteSession) throws {
    try session.execute(
      "INSERT INTO run (id, scheme_id, document) VALUES (?, ?, ?)",
      [.text(frozen.run.id), .text(frozen.run.schemeID), .text(try Document.text(frozen.run))])
    guard let known = try run(frozen.run.id, session) else { throw StorageError(.misuse, "the run was not inserted") }
    try session.execute(
      "INSERT INTO run_input (run_key, inputs) VALUES (?, ?)",
      [.integer(known.key), .blob(frozen.inputs)])
    var position: Int64 = 0
    for row in frozen.evaluation.tables.flatMap(\.rows) {
      position += 1
      try session.execute(
        """
        INSERT INTO ranking (run_key, position, table_name, rank, institution_id, title, total, regular, bonus, grade,
          outside_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(known.key), .integer(position), .text(row.table), .integer(Int64(row.rank)),
          .text(row.institutionID), .text(row.title), .integer(row.total), .integer(row.regular), .integer(row.bonus),
          .text(row.grade), .text(row.outsideReason),
        ])
    }
  }

  static let rankingColumns =
    "position, table_name, rank, institution_id, title, total, regular, bonus, grade, outside_reason"

  static func scoreRow(_ row: Row) throws -> ScoreRow {
    ScoreRow(
      institutionID: try row.text(3), title: try row.text(4), table: try row.text(1), rank: try row.int(2),
      total: try row.int64(5), regular: try row.int64(6), bonus: try row.int64(7), grade: try row.text(8),
      outsideReason: try row.text(9), nodeScores: [])
  }

  static func replace(_ run: Run, key: Int64, _ session: WriteSession) throws {
    try session.execute(
      "UPDATE run SET document = ? WHERE run_key = ?", [.text(try Document.text(run)), .integer(key)])
  }

  /// What an evaluation reads, as it stands on record.
  static func input(
    _ scheme: Scheme, _ scope: RunScope, policyDigest: String, _ view: FactView, _ documents: IndicatorDocuments,
    _ session: ReadSession
  ) throws -> RunInput {
    let dictionary = try DictionarySQL.allIndicators(session, documents)
    let needs = try RunNeeds(scheme: scheme, period: scope.period) { dictionary[$0] }
    let members = try members(scope, session)
    let covered = scope.covered(members.map(\.institution), by: scheme)
    return RunInput(
      frozen: scheme, scope: scope, policyDigest: policyDigest, indicators: needs.indicators, institutions: covered,
      facts: try view.columns(needs, of: members.numbers(of: covered), session))
  }

  /// A board over everyone's values.
  /// - Parameter view: `nil` inside a command, which sees what is not committed yet.
  static func board(_ needs: RunNeeds, _ view: FactView?, _ session: ReadSession) throws -> ProgressBoard {
    let members = try session.query(
      "SELECT institution_key, \(DictionarySQL.institutionColumns) FROM institution ORDER BY id", [], member)
    let columns = try (view ?? FactView(capacity: 0)).columns(needs, of: members.map(\.number), session)
    return ProgressBoard(needs: needs, institutions: members.map(\.institution), facts: columns)
  }

  /// An institution with the store's number for it.
  struct Member {
    let number: Int64
    let institution: Institution
  }

  private static func member(_ row: Row) throws -> Member {
    Member(number: try row.int64(0), institution: try DictionarySQL.institution(row, 1))
  }

  /// - Throws: `RESOURCE_NOT_FOUND` naming the first asked-for institution that is not registered.
  private static func members(_ scope: RunScope, _ session: ReadSession) throws -> [Member] {
    let columns = "institution_key, \(DictionarySQL.institutionColumns)"
    if scope.institutionIDs.isEmpty {
      return try session.query(
        "SELECT \(columns) FROM institution WHERE ? IN ('', peer_group) ORDER BY id", [.text(scope.peerGroup)], member)
    }
    return try scope.institutionIDs.map { id in
      guard
        let found = try session.first("SELECT \(columns) FROM institution WHERE id = ?", [.text(id)], member)
      else { throw DomainError.notFound("institutions/\(id)") }
      return found
    }
  }
}

extension [RunSQL.Member] {
  fileprivate func numbers(of institutions: [Institution]) -> [Int64] {
    var numbers: [String: Int64] = [:]
    for member in self { numbers[member.institution.id] = member.number }
    return institutions.compactMap { numbers[$0.id] }
  }
}
