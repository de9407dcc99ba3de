package import DemandDomain
package import Kernel
package import Policy
package import Storage

/// The demand service's store: decides on the domain's behalf inside one transaction each.
package final class DemandStore: DemandRepository {
  let store: Store
  let policy: PolicyBook
  private let entries = EntryCache()

  package init(_ store: Store, policy: PolicyBook) {
    self.store = store
    self.policy = policy
  }

  // MARK: Commands

  package func execute(
    _ command: DemandCommand, envelope: CommandEnvelope, encode: @escaping @Sendable (Demand) throws -> [UInt8]
  ) async throws -> CommandReply<Demand> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try DemandTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now).run(command)
    }
  }

  package func expire(
    _ command: ExpireDemands, envelope: CommandEnvelope, encode: @escaping @Sendable (ExpiredDemands) throws -> [UInt8]
  ) async throws -> CommandReply<ExpiredDemands> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try ExpireDemand.requirePast(command.asOf, now: envelope.now)
      let due = try Self.due(command, in: envelope.caller.regionPrefix, session)
      let transaction = DemandTransaction(
        session: session, policy: policy, caller: envelope.caller, now: envelope.now)
      for id in due.prefix(command.limit) {
        _ = try transaction.run(.expire(try ExpireDemand(demand: id, asOf: command.asOf, reason: "")))
      }
      return ExpiredDemands(ids: Array(due.prefix(command.limit)), more: due.count > command.limit)
    }
  }

  /// Demands past their last day, earliest first, one more than the run takes.
  private static func due(_ command: ExpireDemands, in prefix: String, _ session: ReadSession) throws -> [String] {
    try session.query(
      """
      SELECT id FROM demands WHERE last_day < ? AND region_code >= ? AND region_code < ?
      ORDER BY last_day, number LIMIT ?
      """, [.day(command.asOf), .text(prefix), .text(prefix + ":"), .integer(Int64(command.limit + 1))]
    ) { try $0.text(0) }
  }

  package func register(
    _ command: RegisterEnterprise, envelope: CommandEnvelope, encode: @escaping @Sendable (Enterprise) throws -> [UInt8]
  ) async throws -> CommandReply<Enterprise> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try EnterpriseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now).run(
        command)
    }
  }

  package func register(
    batch rows: [Result<RegisterEnterprise, DomainError>], envelope: CommandEnvelope,
    encode: @escaping @Sendable ([RegisteredRow]) throws -> [UInt8]
  ) async throws -> CommandReply<[RegisteredRow]> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try EnterpriseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now).run(rows)
    }
  }

  package func update(
    _ command: UpdateEnterprise, envelope: CommandEnvelope, encode: @escaping @Sendable (Enterprise) throws -> [UInt8]
  ) async throws -> CommandReply<Enterprise> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try EnterpriseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now).run(
        command)
    }
  }

  package func execute(
    _ command: EnterpriseCommand, envelope: CommandEnvelope,
    encode: @escaping @Sendable (Enterprise) throws -> [UInt8]
  ) async throws -> CommandReply<Enterprise> {
    try await store.command(envelope, encode: encode) { [policy] session in
      try EnterpriseTransaction(session: session, policy: policy, caller: envelope.caller, now: envelope.now).run(
        command)
    }
  }

  package func preview(_ command: EnterpriseCommand, caller: Caller, now: Instant) async throws -> Enterprise {
    try await store.read { [policy] session in
      try EnterpriseTransaction.decide(command, session, policy: policy, caller: caller, now: now)
    }
  }

  // MARK: Reading

  package func search(_ search: DemandSearch, for caller: Caller) async throws -> [Listed<Demand>] {
    try await store.read { try DemandFinding.find(search, for: caller, $0) }
  }

  package func figures(_ query: FigureQuery) async throws -> Figures {
    try await store.read { try FigureReading.read(query, $0) }
  }

  package func situation(of demand: String) async throws -> DemandSituation {
    let situation = try await store.read { session -> DemandSituation? in
      guard let loaded = try DemandRows.load(demand, session)?.item else { return nil }
      return try DemandSituations.judged(loaded, session)
    }
    guard let situation else { throw DomainError.notFound("demands/\(demand)") }
    return situation
  }

  package func demand(_ id: String) async throws -> Demand {
    let found = try await store.read { try DemandRows.load(id, $0)?.item }
    guard let found else { throw DomainError.notFound("demands/\(id)") }
    return found
  }

  package func demands(_ query: DemandQuery) async throws -> [Listed<Demand>] {
    try await store.read { try DemandListing.page(query, $0) }
  }

  package func sifted(_ query: DemandQuery) async throws -> SiftedDemands {
    try await store.read { try DemandSifting.page(query, $0) }
  }

  package func enterprise(_ id: String) async throws -> Enterprise {
    let found = try await store.read { try EnterpriseRows.load(id, $0)?.item }
    guard let found else { throw DomainError.notFound("enterprises/\(id)") }
    return found
  }

  package func enterprises(_ query: EnterpriseQuery) async throws -> [Listed<Enterprise>] {
    try await store.read { try EnterpriseListing.page(query, $0) }
  }

  package func duplicates(_ query: DuplicateQuery) async throws -> DuplicatePage {
    try await store.read { try DuplicateFinding.page(query, $0) }
  }

  package func summary(prefix: String) async throws -> DemandSummary {
    try await store.read { session in
      try DemandSummary.make(
        prefix: prefix, rows: try TallyRows.load(prefix: prefix, session),
        sequence: try session.chainHead(Store.eventChain).sequence)
    }
  }

  // MARK: Log

  package func history(of demand: String, after sequence: Int64, limit: Int) async throws -> HistoryPage {
    try await store.read { try HistoryReading.ofDemand(demand, after: sequence, limit: limit, $0) }
  }

  package func demand(_ id: String, at moment: HistoryMoment) async throws -> Demand? {
    try await store.read { try HistoryReading.demand(id, at: moment, $0) }
  }

  package func enterpriseHistory(
    of enterprise: String, after sequence: Int64, limit: Int
  ) async throws -> HistoryPage {
    try await store.read { try HistoryReading.ofEnterprise(enterprise, after: sequence, limit: limit, $0) }
  }

  package func follow(after sequence: Int64, _ body: (LogEntry) async throws -> Void) async throws {
    for try await stored in store.watch(after: sequence) { try await body(try entries.entry(stored)) }
  }

  package func verifyChain() async throws -> ChainVerdict {
    let report = try await store.verifyEvents()
    return ChainVerdict(
      chain: "demand.events", entries: report.entries, firstBadSequence: report.firstBadSequence,
      headHash: report.head.sequence == 0 ? [] : report.head.hash)
  }
}
