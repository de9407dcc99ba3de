package import Kernel

/// What the service needs of a store. A command is decided and persisted in one transaction, exactly once under its key.
package protocol DemandRepository: Sendable {
  /// Loads, decides, persists, appends the events.
  func execute(
    _ command: DemandCommand, envelope: CommandEnvelope, encode: @escaping @Sendable (Demand) throws -> [UInt8]
  ) async throws -> CommandReply<Demand>

  /// Ends demands whose last day is before a day: at most `limit` of those inside the caller's region.
  func expire(
    _ command: ExpireDemands, envelope: CommandEnvelope, encode: @escaping @Sendable (ExpiredDemands) throws -> [UInt8]
  ) async throws -> CommandReply<ExpiredDemands>

  func register(
    _ command: RegisterEnterprise, envelope: CommandEnvelope, encode: @escaping @Sendable (Enterprise) throws -> [UInt8]
  ) async throws -> CommandReply<Enterprise>

  /// Each row by itself: a row that cannot be registered leaves the others alone.
  func register(
    batch rows: [Result<RegisterEnterprise, DomainError>], envelope: CommandEnvelope,
    encode: @escaping @Sendable ([RegisteredRow]) throws -> [UInt8]
  ) async throws -> CommandReply<[RegisteredRow]>

  func update(
    _ command: UpdateEnterprise, envelope: CommandEnvelope, encode: @escaping @Sendable (Enterprise) throws -> [UInt8]
  ) async throws -> CommandReply<Enterprise>

  /// - Throws: `RESOURCE_NOT_FOUND`.
  func demand(_ id: String) async throws -> Demand
  /// At most `query.limit` of them; ask for one more than a page holds to learn whether another follows.
  func demands(_ query: DemandQuery) async throws -> [Listed<Demand>]
  /// A page of a query with a sieve: at most `query.limit` of the next `DemandSieve.examined` rows.
  func sifted(_ query: DemandQuery) async throws -> SiftedDemands
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func enterprise(_ id: String) async throws -> Enterprise
  func enterprises(_ query: EnterpriseQuery) async throws -> [Listed<Enterprise>]

  func execute(
    _ command: EnterpriseCommand, envelope: CommandEnvelope,
    encode: @escaping @Sendable (Enterprise) throws -> [UInt8]
  ) async throws -> CommandReply<Enterprise>
  /// What the command would make of the firm, without storing it.
  func preview(_ command: EnterpriseCommand, caller: Caller, now: Instant) async throws -> Enterprise

  func advance(
    _ command: AdvanceClocks, envelope: CommandEnvelope,
    encode: @escaping @Sendable (AdvancedClocks) throws -> [UInt8]
  ) async throws -> CommandReply<AdvancedClocks>

  func search(_ search: DemandSearch, for caller: Caller) async throws -> [Listed<Demand>]
  func figures(_ query: FigureQuery) async throws -> Figures
  /// Everything that a judgement of the demand looks at.
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func situation(of demand: String) async throws -> DemandSituation

  /// A page of the events of one demand, oldest first.
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func history(of demand: String, after sequence: Int64, limit: Int) async throws -> HistoryPage
  /// The demand as its events had made it by then, with the rules of the judgement that stood, and without contact data; `nil`
  /// before the first.
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func demand(_ id: String, at moment: HistoryMoment) async throws -> Demand?
  /// A page of the events of one firm, oldest first.
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func enterpriseHistory(of enterprise: String, after sequence: Int64, limit: Int) async throws -> HistoryPage
  func duplicates(_ query: DuplicateQuery) async throws -> DuplicatePage
  /// Calls `body` for every entry after `sequence`, in order, without end; returns when `body` throws or the task ends.
  func follow(after sequence: Int64, _ body: (LogEntry) async throws -> Void) async throws
  func summary(prefix: String) async throws -> DemandSummary
  func verifyChain() async throws -> ChainVerdict
}

/// Ends demands in bulk.
package struct ExpireDemands: Sendable, Hashable {
  /// Most demands of one run: one transaction's worth.
  package static let maximumDemands = 1000

  package var asOf: BusinessDate
  package var limit: Int

  /// - Throws: `INVALID_ARGUMENT`.
  package init(asOf: BusinessDate, limit: Int) throws(DomainError) {
    guard (0...Self.maximumDemands).contains(limit) else {
      throw DomainError.invalid("max_demands", "max_demands is 1 to \(Self.maximumDemands), or 0 for that many")
    }
    self.asOf = asOf
    self.limit = limit == 0 ? Self.maximumDemands : limit
  }
}

package struct ExpiredDemands: Sendable, Hashable {
  package var ids: [String]
  package var more: Bool

  package init(ids: [String], more: Bool) {
    self.ids = ids
    self.more = more
  }
}

/// What became of one row of a batch: the enterprise's id, or why not.
package typealias RegisteredRow = Result<String, DomainError>

/// What checking the log's hash chain found.
package struct ChainVerdict: Sendable, Hashable {
  package var chain: String
  package var entries: Int64
  /// `nil` when intact.
  package var firstBadSequence: Int64?
  package var headHash: [UInt8]

  package init(chain: String, entries: Int64, firstBadSequence: Int64?, headHash: [UInt8]) {
    self.chain = chain
    self.entries = entries
    self.firstBadSequence = firstBadSequence
    self.headHash = headHash
  }
}
