package import Kernel

/// A page of a keyset-ordered list.
package struct KeysetPage<Element: Sendable>: Sendable {
  package var items: [Element]
  /// Where the next page begins; `nil` on the last.
  package var next: String?
  package init(items: [Element], next: String?) {
    self.items = items
    self.next = next
  }
}

package struct RegistrationReceipt: Sendable, Hashable, Codable {
  package var registered: Int
  package var changed: Int
  package var unchanged: Int
  package init(registered: Int, changed: Int, unchanged: Int) {
    self.registered = registered
    self.changed = changed
    self.unchanged = unchanged
  }
}

package struct RunRequest: Sendable, Hashable {
  package var schemeID: String
  /// `nil` for the latest.
  package var schemeVersion: Int?
  package var scope: RunScope
  package init(schemeID: String, schemeVersion: Int?, scope: RunScope) {
    self.schemeID = schemeID
    self.schemeVersion = schemeVersion
    self.scope = scope
  }
}

/// One entry of the service's log.
package struct LogEntry: Sendable, Hashable {
  package var sequence: Int64
  package var commitTime: Instant
  package var type: String
  package var subject: String
  package var actor: String
  package var payload: [UInt8]
  package var hash: [UInt8]
  package init(
    sequence: Int64, commitTime: Instant, type: String, subject: String, actor: String, payload: [UInt8], hash: [UInt8]
  ) {
    self.sequence = sequence
    self.commitTime = commitTime
    self.type = type
    self.subject = subject
    self.actor = actor
    self.payload = payload
    self.hash = hash
  }
}

/// The outcome of checking the log's chain.
package struct ChainFinding: Sendable, Hashable {
  package var entries: Int64
  package var firstBad: Int64?
  package var headHash: [UInt8]
  package init(entries: Int64, firstBad: Int64?, headHash: [UInt8]) {
    self.entries = entries
    self.firstBad = firstBad
    self.headHash = headHash
  }
}

/// Encodes an outcome to the bytes that a replay of the same request id answers.
package typealias Encode<Outcome> = @Sendable (Outcome) throws -> [UInt8]

/// What changes the service's state. Every command is decided and stored in one transaction, once per request id.
package protocol EvaluationCommands: Sendable {
  func createIndicators(
    _ indicators: [Indicator], envelope: CommandEnvelope, encode: @escaping Encode<[Indicator]>
  ) async throws -> CommandReply<[Indicator]>
  func registerInstitutions(
    _ institutions: [Institution], envelope: CommandEnvelope, encode: @escaping Encode<RegistrationReceipt>
  ) async throws -> CommandReply<RegistrationReceipt>
  func submitFacts(
    _ rows: [FactInput], envelope: CommandEnvelope, encode: @escaping Encode<FactReceipt>
  ) async throws -> CommandReply<FactReceipt>
  /// - Parameter previousVersion: 0 for a new scheme.
  func createScheme(
    _ scheme: Scheme, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping Encode<StoredScheme>
  ) async throws -> CommandReply<StoredScheme>
  func runEvaluation(
    _ request: RunRequest, envelope: CommandEnvelope, encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run>
  func publishRun(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Run>
  ) async throws -> CommandReply<Run>
}

/// A scheme with the digest of its canonical text.
package struct StoredScheme: Sendable, Hashable {
  package var scheme: Scheme
  /// Hexadecimal SHA-256.
  package var digest: String
  package init(scheme: Scheme, digest: String) {
    self.scheme = scheme
    self.digest = digest
  }
}

package enum RankingOrder: String, Sendable, Hashable {
  case bestFirst, lastFirst
}

/// What is read. Each call sees one consistent state.
package protocol EvaluationQueries: Sendable {
  func indicators(after: String?, limit: Int) async throws -> KeysetPage<Indicator>
  func institutions(peerGroup: String, after: String?, limit: Int) async throws -> KeysetPage<Institution>
  func facts(
    institutionID: String, indicatorID: String, includeSuperseded: Bool, after: String?, limit: Int
  ) async throws -> KeysetPage<Fact>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func scheme(id: String, version: Int?) async throws -> StoredScheme
  func schemes(after: String?, limit: Int) async throws -> KeysetPage<StoredScheme>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func run(id: String) async throws -> Run
  func runs(schemeID: String, after: String?, limit: Int) async throws -> KeysetPage<Run>
  func rankings(
    runID: String, table: String, order: RankingOrder, after: String?, limit: Int
  ) async throws -> KeysetPage<ScoreRow>
  /// Recomputes a run from its frozen inputs.
  /// - Throws: `RESOURCE_NOT_FOUND`; `CHAIN_BROKEN` when inputs or results no longer fit the run's digests.
  func recompute(runID: String) async throws -> Evaluation
  func verifyChain() async throws -> ChainFinding
  func log(after sequence: Int64) -> any AsyncSequence<LogEntry, any Error> & Sendable
  func logHead() async throws -> Int64
}

/// The cursor and the effects of the feeds, stored in one transaction.
package protocol FeedLedger: Sendable {
  /// Last applied sequence, 0 for none.
  func cursor(_ source: FeedSource) async throws -> Int64
  /// Applies the events that follow the cursor, skips those behind it, and stops before a gap.
  /// - Returns: the cursor afterwards, and the gap that stopped it.
  func apply(_ events: [FeedEvent], from source: FeedSource, now: Instant) async throws -> (cursor: Int64, gap: Bool)
}
