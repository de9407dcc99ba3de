package import FundDomain
package import Kernel
package import Storage

/// The fund on one store.
package struct SQLFundRepository: FundRepository {
  let store: Store
  let rules: FundRules
  let cache = AccountCache()
  let tree = TransferTree()

  /// - Parameter store: opened with `FundMigrations.all`.
  package init(_ store: Store, rules: FundRules) {
    self.store = store
    self.rules = rules
  }

  package func execute<Command: FundCommand>(
    _ command: Command, envelope: CommandEnvelope,
    encode: @escaping @Sendable (Command.Outcome) throws -> [UInt8]
  ) async throws -> CommandReply<Command.Outcome> {
    let (cache, context) = (cache, rules.context(for: envelope.caller, at: envelope.now))
    return try await store.command(envelope, encode: encode) { session in
      let source = SQLFundSource(session: session, cache: cache)
      cache.align(with: try AccountCache.Stamp(session, accounts: try source.ledgerHead().accounts))
      let fund = try FundTransaction(source)
      let outcome = try fund.carryOut(command, context)
      let tails = try FundWriter(session: session, caller: envelope.caller, now: envelope.now, cache: cache)
        .persist(fund)
      cache.take(fund, tails: tails, stamp: try AccountCache.Stamp(session, accounts: fund.ledger.head.accounts))
      return outcome
    }
  }

  /// One snapshot, read through without the writer's cache.
  func read<R: Sendable>(_ body: @escaping @Sendable (SQLFundSource) throws -> R) async throws -> R {
    try await store.read { session in try body(SQLFundSource(session: session, cache: nil)) }
  }

  package func watch(after sequence: Int64) -> any AsyncSequence<RecordedFundEvent, any Error> & Sendable {
    store.watch(after: sequence).map { stored in try EventCoding.decode(stored) }
  }

  /// The transfers' chain, and when it is intact also that every account's totals follow from it.
  package func verify(_ chain: FundChain) async throws -> FundChainReport {
    switch chain {
    case .events: return Self.report("fund.events", try await store.verifyEvents())
    case .transfers:
      let report = try await store.verifyChain(FundChains.transfers)
      if !report.isIntact { return Self.report("fund.transfers", report) }
      let difference = try await store.read { session in try LedgerReplay.firstDifference(in: session) }
      return Self.report("fund.transfers", report, firstBad: difference)
    }
  }

  private static func report(_ chain: String, _ report: ChainReport, firstBad: Int64? = nil) -> FundChainReport {
    FundChainReport(
      chain: chain, entries: report.entries, firstBadSequence: report.firstBadSequence ?? firstBad,
      headHash: report.head.hash)
  }
}
