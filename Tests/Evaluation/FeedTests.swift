import EvaluationAPI
import EvaluationDomain
import EvaluationStore
import Foundation
import Kernel
import Logging
import Storage
import Synchronization
import Testing

@Suite("Events of other services count exactly once") struct FeedTests {
  private static func event(_ sequence: Int64, _ effects: [FeedEffect]) throws -> FeedEvent {
    FeedEvent(source: .demand, sequence: sequence, day: try Given.today(), effects: effects)
  }

  private static func claims() throws -> [FeedEvent] {
    try (1...6).map { try event($0, [.count(.demandsClaimed, "a")]) }
  }

  private func claimed(_ store: EvaluationStore, institution: String = "a") async throws -> [Fact] {
    try await store.facts(
      FactFilter(institutionID: institution, indicatorID: FeedIndicator.demandsClaimed.rawValue), after: nil, limit: 10
    ).items
  }

  @Test func `replayed events are behind the cursor, a gap stops before it`() async throws {
    try await withStore { store, _ in
      let events = try Self.claims()
      let first = try await store.apply(Array(events[0..<3]), from: .demand, now: Given.now)
      #expect(first == (3, false))
      let replay = try await store.apply(Array(events[1..<4]), from: .demand, now: Given.now)
      #expect(replay == (4, false))
      let gap = try await store.apply([events[5]], from: .demand, now: Given.now)
      #expect(gap == (4, true))
      let facts = try await claimed(store)
      #expect(facts.map(\.value) == [4])
      #expect(facts.map(\.key.period.description) == ["2023-11"])
      #expect(facts.map(\.reporter) == ["feed:demand"])
      #expect(try await store.cursor(.demand) == 4)
      #expect(try await store.cursor(.fund) == 0)
    }
  }

  @Test func `the cursor and the counts survive a restart together`() async throws {
    let configuration = try StoreConfiguration.temporary()
    defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
    let claims = try Self.claims()
    for end in 1...claims.count {
      let store = try Store.open(configuration, migrations: EvaluationMigrations.all(with: []))
      let evaluation = EvaluationStore(store, policyDigest: "")
      // Each start receives everything again up to one event more.
      _ = try await evaluation.apply(Array(claims[0..<end]), from: .demand, now: Given.now)
      #expect(try await claimed(evaluation).map(\.value) == [Int64(end)])
      await store.close()
    }
  }

  @Test func `an effect that cannot be stored moves nothing`() async throws {
    try await withStore { store, _ in
      let overflow = FeedEffect.money(.amountSigned, "a", Money(.max, .cny))
      _ = try await store.apply([try Self.event(1, [overflow])], from: .demand, now: Given.now)
      await #expect(throws: (any Error).self) {
        try await store.apply(
          [try Self.event(2, [overflow, .count(.demandsSigned, "a")])], from: .demand, now: Given.now)
      }
      #expect(try await store.cursor(.demand) == 1)
    }
  }

  @Test func `amounts of other currencies are indicators of their own`() async throws {
    try await withStore { store, _ in
      _ = try await store.apply(
        [
          try Self.event(
            1,
            [
              .money(.amountSigned, "a", Money(5, .cny)), .money(.amountSigned, "a", Money(7, .usd)),
              .money(.amountSigned, "a", Money(8, .usd)),
            ])
        ], from: .demand, now: Given.now)
      let facts = try await store.facts(
        FactFilter(institutionID: "a"), after: nil, limit: 10)
      #expect(
        facts.items.map { "\($0.key.indicatorID) \($0.value)" } == [
          "feed.amount-signed 5", "feed.amount-signed.usd 15",
        ])
      let met = try await store.institutions(peerGroup: "", after: nil, limit: 10).items
      #expect(met.map(\.id) == ["a"])
      #expect(met.map(\.registeredByFeed) == [true])
    }
  }

  /// A source that breaks off, repeats and skips as told.
  private final class ScriptedLog: FeedLog {
    enum Ending: Error { case broken }
    let source = FeedSource.demand
    /// What each connection delivers: sequences, whatever was asked for; then it breaks.
    let connections: Mutex<[[Int64]]>

    init(_ connections: [[Int64]]) { self.connections = Mutex(connections) }

    func follow(
      after sequence: Int64, opened: @Sendable () async -> Void,
      receive: @Sendable (FeedEvent) async throws -> Void
    ) async throws {
      await opened()
      let script: [Int64]? = connections.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      guard let script else {
        // Nothing more to say: stay connected until cancelled.
        let silence = AsyncStream<Void> { _ in }
        for await _ in silence {}
        throw CancellationError()
      }
      for sequence in script { try await receive(try FeedTests.event(sequence, [.count(.demandsClaimed, "a")])) }
      throw Ending.broken
    }
  }

  @Test(
    arguments: [
      [[1, 2, 3], [4, 5, 6]],
      [[1, 2, 3], [2, 3, 4, 5, 6]],
      [[], [], [1], [1, 2, 4, 5, 6], [3, 4, 5, 6]],
      [[1, 3], [2, 3, 4, 6], [5, 6]],
    ] as [[[Int64]]])
  func `a follower counts each event once through breaks, repeats and gaps`(connections: [[Int64]]) async throws {
    try await withStore { store, _ in
      let log = ScriptedLog(connections)
      let follower = FeedFollower(
        log: log, ledger: store, clock: { Given.now }, logger: Logger(label: "test"), pause: { _ in await Task.yield() }
      )
      let running = Task { try await follower.run() }
      await follower.wait(for: 6)
      let status = await follower.status
      #expect(status.applied == 6)
      #expect(status.lag == 0)
      let facts = try await claimed(store)
      #expect(facts.map(\.value) == [6])
      running.cancel()
      _ = await running.result
    }
  }

  @Test func `waiting ends with the task that waits`() async throws {
    try await withStore { store, _ in
      let follower = FeedFollower(
        log: ScriptedLog([]), ledger: store, clock: { Given.now }, logger: Logger(label: "test"))
      let waiting = Task { await follower.wait(for: 1) }
      waiting.cancel()
      await waiting.value
      #expect(await follower.status.applied == 0)
    }
  }

  @Test func `a ledger that fails ends the follower with its error`() async throws {
    struct BrokenLedger: FeedLedger {
      func cursor(_ source: FeedSource) async throws -> Int64 { 0 }
      func apply(_ events: [FeedEvent], from source: FeedSource, now: Instant) async throws -> (
        cursor: Int64, gap: Bool
      ) {
        throw DomainError(.diskFull, "no space")
      }
    }
    let follower = FeedFollower(
      log: ScriptedLog([[1]]), ledger: BrokenLedger(), clock: { Given.now }, logger: Logger(label: "test"))
    let error = await #expect(throws: DomainError.self) { try await follower.run() }
    #expect(error?.reason == .diskFull)
  }
}
