package import EvaluationDomain
package import Kernel
import Storage

extension EvaluationStore {
  package func createScheme(
    _ scheme: Scheme, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping Encode<StoredScheme>
  ) async throws -> CommandReply<StoredScheme> {
    try await store.command(envelope, encode: encode) { session in
      let dictionary = try DictionarySQL.allIndicators(session)
      try SchemeValidation.validate(scheme) { dictionary[$0] }
      let latest = try SchemeSQL.latestVersion(scheme.id, session) ?? 0
      guard latest == previousVersion else {
        if previousVersion == 0 {
          throw DomainError(
            .resourceExists, "schemes/\(scheme.id) exists in version \(latest); name it as previous_version",
            field: "scheme.name", metadata: ["resource": "schemes/\(scheme.id)", "version": "\(latest)"])
        }
        throw DomainError(
          .stateConflict, "the latest version of schemes/\(scheme.id) is \(latest), not \(previousVersion)",
          field: "previous_version", metadata: ["version": "\(latest)"])
      }
      var stored = StoredScheme(
        scheme: scheme, digest: Digest.hex(scheme.canonicalText),
        adoption: SchemeAdoption(creator: Run.person(envelope.caller)))
      stored.scheme.version = latest + 1
      try session.execute(
        "INSERT INTO scheme (id, version, digest, document) VALUES (?, ?, ?, ?)",
        [
          .text(scheme.id), .integer(Int64(stored.scheme.version)), .text(stored.digest),
          .text(try Document.text(stored.scheme)),
        ])
      try session.execute(
        "INSERT INTO scheme_adoption (id, version, creator, adopter) VALUES (?, ?, ?, '')",
        [.text(scheme.id), .integer(Int64(stored.scheme.version)), .text(stored.adoption.creator)])
      try session.append(
        event: try Document.event(
          "scheme.created", "schemes/\(scheme.id)", envelope.caller.organisation,
          ["version": .number(Int64(stored.scheme.version)), "digest": .text(stored.digest)]))
      return stored
    }
  }

  package func scheme(id: String, version: Int?) async throws -> StoredScheme {
    try await store.read { try SchemeSQL.scheme(id, version, $0) }
  }

  package func schemes(after: String?, limit: Int) async throws -> KeysetPage<StoredScheme> {
    try await store.read { session in
      let rows = try session.query(
        """
        SELECT \(SchemeSQL.columns) FROM scheme AS latest JOIN scheme_adoption USING (id, version) WHERE id > ?
        AND version = (SELECT max(version) FROM scheme WHERE scheme.id = latest.id) ORDER BY id LIMIT ?
        """, [.text(after ?? ""), .integer(Int64(limit) + 1)], SchemeSQL.stored)
      return KeysetPage(rows, limit: limit) { $0.scheme.id }
    }
  }
}

enum SchemeSQL {
  static let columns = "document, digest, creator, adopter, adopt_time_micros"

  static func stored(_ row: Row) throws -> StoredScheme {
    StoredScheme(
      scheme: try Document.read(try row.text(0)), digest: try row.text(1),
      adoption: SchemeAdoption(
        creator: try row.text(2), adopter: try row.text(3),
        adoptTime: try row.optionalInt64(4).map(Instant.init(microseconds:))))
  }

  static func latestVersion(_ id: String, _ session: ReadSession) throws -> Int? {
    try session.first("SELECT version FROM scheme WHERE id = ? ORDER BY version DESC LIMIT 1", [.text(id)]) {
      try $0.int(0)
    }
  }

  static func latestAdopted(_ id: String, _ session: ReadSession) throws -> Int? {
    try session.first(
      """
      SELECT version FROM scheme_adoption WHERE id = ? AND adopt_time_micros IS NOT NULL ORDER BY version DESC LIMIT 1
      """, [.text(id)]
    ) { try $0.int(0) }
  }

  /// - Parameter version: `nil` for the latest.
  static func scheme(_ id: String, _ version: Int?, _ session: ReadSession) throws -> StoredScheme {
    guard let version = try version ?? latestVersion(id, session),
      let found = try session.first(
        "SELECT \(columns) FROM scheme JOIN scheme_adoption USING (id, version) WHERE id = ? AND version = ?",
        [.text(id), .integer(Int64(version))], stored)
    else { throw DomainError.notFound("schemes/\(id)" + (version.map { " version \($0)" } ?? "")) }
    return found
  }
}

extension KeysetPage {
  /// - Parameter rows: up to one more than `limit`; the one more only tells that there is a next page.
  init(_ rows: [Element], limit: Int, cursor: (Element) -> String) {
    let items = Array(rows.prefix(limit))
    self.init(items: items, next: rows.count > limit ? items.last.map(cursor) : nil)
  }
}
