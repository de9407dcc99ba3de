package import EvaluationRatings
package import Kernel
import Storage

extension RatingStore {
  package func createScorecard(
    _ card: Scorecard, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping RatingEncode<StoredScorecard>
  ) async throws -> CommandReply<StoredScorecard> {
    try await store.command(envelope, encode: encode) { session in
      let latest = try ScorecardSQL.latestVersion(card.id, session) ?? 0
      guard latest == previousVersion else {
        if previousVersion == 0 {
          throw DomainError(
            .resourceExists, "scorecards/\(card.id) exists in version \(latest); name it as previous_version",
            field: "scorecard.name", metadata: ["resource": "scorecards/\(card.id)", "version": "\(latest)"])
        }
        throw DomainError(
          .stateConflict, "the latest version of scorecards/\(card.id) is \(latest), not \(previousVersion)",
          field: "previous_version", metadata: ["version": "\(latest)"])
      }
      var next = card
      next.version = latest + 1
      let stored = try StoredScorecard(next, creator: envelope.caller, now: envelope.now)
      try session.execute(
        "INSERT INTO scorecard (id, version, purpose, state, document) VALUES (?, ?, ?, ?, ?)",
        [
          .text(card.id), .integer(Int64(next.version)), .text(card.purpose.rawValue), .text(stored.state.rawValue),
          .text(try RatingDocument.text(stored)),
        ])
      try ScorecardSQL.append(stored, envelope.caller, session)
      return stored
    }
  }

  package func adoptScorecard(
    id: String, version: Int, etag: String, envelope: CommandEnvelope, encode: @escaping RatingEncode<StoredScorecard>
  ) async throws -> CommandReply<StoredScorecard> {
    try await store.command(envelope, encode: encode) { session in
      let adopted = try ScorecardSQL.scorecard(id, version, session).adopted(
        by: envelope.caller, etag: etag, now: envelope.now)
      if let before = try ScorecardSQL.adopted(id, session) {
        let replaced = try before.retired(
          by: envelope.caller, reason: "replaced by version \(version)", etag: "", now: envelope.now)
        try ScorecardSQL.update(replaced, session)
        try ScorecardSQL.append(replaced, envelope.caller, session)
      }
      try ScorecardSQL.update(adopted, session)
      try ScorecardSQL.append(adopted, envelope.caller, session)
      return adopted
    }
  }

  package func retireScorecard(
    id: String, version: Int, etag: String, reason: String, envelope: CommandEnvelope,
    encode: @escaping RatingEncode<StoredScorecard>
  ) async throws -> CommandReply<StoredScorecard> {
    try await store.command(envelope, encode: encode) { session in
      let retired = try ScorecardSQL.scorecard(id, version, session).retired(
        by: envelope.caller, reason: reason, etag: etag, now: envelope.now)
      try ScorecardSQL.update(retired, session)
      try ScorecardSQL.append(retired, envelope.caller, session)
      return retired
    }
  }

  package func scorecard(id: String, version: Int?) async throws -> StoredScorecard {
    try await store.read { try ScorecardSQL.scorecard(id, version, $0) }
  }

  package func scorecards(
    purpose: Scorecard.Purpose?, after: String?, limit: Int
  ) async throws -> RatingPage<StoredScorecard> {
    try await store.read { session in
      let rows = try session.query(
        """
        SELECT document FROM scorecard AS latest WHERE id > ? AND ? IN ('', purpose)
        AND version = (SELECT max(version) FROM scorecard WHERE scorecard.id = latest.id) ORDER BY id LIMIT ?
        """, [.text(after ?? ""), .text(purpose?.rawValue ?? ""), .integer(Int64(limit) + 1)], ScorecardSQL.stored)
      return RatingPage(
        items: Array(rows.prefix(limit)), next: rows.count > limit ? rows[limit - 1].scorecard.id : nil)
    }
  }
}

enum ScorecardSQL {
  static func stored(_ row: Row) throws -> StoredScorecard { try RatingDocument.read(try row.text(0)) }

  static func latestVersion(_ id: String, _ session: ReadSession) throws -> Int? {
    try session.first("SELECT version FROM scorecard WHERE id = ? ORDER BY version DESC LIMIT 1", [.text(id)]) {
      try $0.int(0)
    }
  }

  static func scorecard(_ id: String, _ version: Int?, _ session: ReadSession) throws -> StoredScorecard {
    guard let version = try version ?? latestVersion(id, session),
      let found = try session.first(
        "SELECT document FROM scorecard WHERE id = ? AND version = ?", [.text(id), .integer(Int64(version))], stored)
    else { throw DomainError.notFound("scorecards/\(id)" + (version.map { " version \($0)" } ?? "")) }
    return found
  }

  static func adopted(_ id: String, _ session: ReadSession) throws -> StoredScorecard? {
    try session.first("SELECT document FROM scorecard WHERE id = ? AND state = 'adopted'", [.text(id)], stored)
  }

  static func update(_ card: StoredScorecard, _ session: WriteSession) throws {
    try session.execute(
      "UPDATE scorecard SET state = ?, document = ? WHERE id = ? AND version = ?",
      [
        .text(card.state.rawValue), .text(try RatingDocument.text(card)), .text(card.scorecard.id),
        .integer(Int64(card.scorecard.version)),
      ])
  }

  static func append(_ card: StoredScorecard, _ caller: Caller, _ session: WriteSession) throws {
    try session.append(
      event: try RatingEventPayload(digest: card.digest, id: card.scorecard.id, version: card.scorecard.version)
        .event(RatingEventType.scorecard(card.state), card.name, caller.organisation))
  }
}
