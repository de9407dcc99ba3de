import Kernel
import Storage
import Synchronization
import Testing

@Suite struct EventTests {
  private func append(_ store: Store, _ count: Int, payload: [UInt8] = []) async throws {
    try await store.write(at: noon) { session in
      for _ in 0..<count { try session.append(event: event("s", payload: payload)) }
    }
  }

  /// Collects events until one has the given sequence.
  private func collect(_ stream: EventStream, through last: Int64) async throws -> [Int64] {
    var sequences: [Int64] = []
    for try await event in stream {
      sequences.append(event.sequence)
      if event.sequence >= last { break }
    }
    return sequences
  }

  @Test func `sequences are gapless although commands are undone between them`() async throws {
    try await withStore { store in
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<300 {
          group.addTask {
            _ = try? await store.write(at: noon) { session in
              try session.append(event: event("n/\(number)"))
              if number % 3 == 0 { throw DomainError(.stateConflict, "undone") }
            }
          }
        }
      }
      let stored = try await store.events(after: 0, limit: 1000)
      #expect(stored.map(\.sequence) == (1...200).map(\.self))
      let head = ChainHead(sequence: 200, hash: stored[199].hash)
      let report = try await store.verifyEvents()
      #expect(report == ChainReport(chain: "events", entries: 200, firstBadSequence: nil, head: head))
      #expect(store.eventHead == 200)
    }
  }

  @Test func `a page starts after its sequence and ends at its limit`() async throws {
    try await withStore { store in
      try await append(store, 10)
      #expect(try await store.events(after: 3, limit: 4).map(\.sequence) == [4, 5, 6, 7])
      #expect(try await store.events(after: 10, limit: 4).isEmpty)
      #expect(try await store.events(after: 99, limit: 4).isEmpty)
      for (after, limit) in [(Int64(0), 0), (0, 10_001), (-1, 5)] {
        let error = await domainError { _ = try await store.events(after: after, limit: limit) }
        #expect(error?.reason == .invalidArgument)
      }
    }
  }

  @Test func `an event without a time is a mistake, not a zero`() async throws {
    try await withStore { store in
      await #expect(throws: StorageError.self) { try await store.write { try $0.append(event: event("s")) } }
    }
  }

  @Test func `a watcher catches up from any sequence and then follows`() async throws {
    try await withStore { store in
      try await append(store, 1000)
      let watchers = [Int64(0), 1, 255, 256, 257, 999, 1000].map { start in
        Task { (start, try await collect(store.watch(after: start), through: 1500)) }
      }
      for _ in 0..<100 { try await append(store, 5) }
      for watcher in watchers {
        let (start, sequences) = try await watcher.value
        #expect(sequences == (start + 1...1500).map(\.self))
      }
    }
  }

  @Test func `a watcher beyond the head waits until its sequence is passed`() async throws {
    try await withStore { store in
      try await append(store, 2)
      let watcher = Task { try await collect(store.watch(after: 5), through: 7) }
      while store.statistics.waitingWatchers == 0 { await Task.yield() }
      for _ in 0..<5 { try await append(store, 1) }
      #expect(try await watcher.value == [6, 7])
    }
  }

  @Test func `200 watchers see every event once while 16 callers write and undo`() async throws {
    try await withStore { store in
      let total: Int64 = 2000
      let watchers = (0..<200).map { number in
        let start = Int64(number % 7)
        return Task { (start, try await collect(store.watch(after: start), through: total)) }
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<16 {
          group.addTask {
            for number in 0..<125 {
              try await store.write(at: noon) { try $0.append(event: event("\(caller)/\(number)")) }
              if number % 10 == 0 {
                _ = try? await store.write(at: noon) { session in
                  try session.append(event: event("ghost"))
                  throw DomainError(.stateConflict, "undone")
                }
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(store.eventHead == total)
      for watcher in watchers {
        let (start, sequences) = try await watcher.value
        #expect(sequences == (start + 1...total).map(\.self))
      }
      #expect(store.statistics.waitingWatchers == 0)
    }
  }

  @Test func `a group too large for memory still reaches every watcher`() async throws {
    try await withStore(try settings { $0.recentEventBytes = 65_536 }) { store in
      let watcher = Task { try await collect(store.watch(after: 0), through: 3001) }
      while store.statistics.waitingWatchers == 0 { await Task.yield() }
      try await append(store, 3000, payload: [UInt8](repeating: 7, count: 100))
      try await append(store, 1)
      #expect(try await watcher.value == (1...3001).map(\.self))
    }
  }

  @Test func `large payloads make short pages and lose nothing`() async throws {
    try await withStore { store in
      for _ in 0..<5 { try await append(store, 4, payload: [UInt8](repeating: 1, count: 100_000)) }
      #expect(try await collect(store.watch(after: 0), through: 20) == (1...20).map(\.self))
      #expect(try await collect(store.watch(after: 13), through: 20) == (14...20).map(\.self))
    }
  }

  @Test func `a watcher's batches follow one another without loss`() async throws {
    try await withStore { store in
      try await append(store, 600)
      var iterator = store.watch(after: 10).makeAsyncIterator()
      var sequences: [Int64] = []
      if let event = try await iterator.next() { sequences.append(event.sequence) }
      while sequences.last != 600, let batch = try await iterator.nextBatch() { sequences += batch.map(\.sequence) }
      #expect(sequences == (11...600).map(\.self))
    }
  }

  @Test func `a cancelled watcher ends and leaves nothing behind`() async throws {
    try await withStore { store in
      let watcher = Task { try await collect(store.watch(after: 0), through: 1) }
      while store.statistics.waitingWatchers == 0 { await Task.yield() }
      watcher.cancel()
      let seen = try await watcher.value
      #expect(seen.isEmpty)
      #expect(store.statistics.waitingWatchers == 0)
    }
  }

  @Test func `a watcher of a closing store is told`() async throws {
    try await withStorePath { configuration in
      let store = try Store.open(configuration, migrations: TestSchema.migrations)
      let watcher = Task { try await collect(store.watch(after: 0), through: 1) }
      while store.statistics.waitingWatchers == 0 { await Task.yield() }
      await store.close()
      #expect(await domainError { _ = try await watcher.value }?.reason == .shuttingDown)
    }
  }

  @Test func `what is no longer kept is refused by name, and the rest stays verifiable`() async throws {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: TestSchema.migrations)
      try await append(store, 600)
      try await store.discardEvents(through: 300)
      for _ in 0..<2 {
        let error = await domainError { _ = try await store.events(after: 299, limit: 1) }
        #expect(error?.reason == .sequenceNotAvailable)
        #expect(error?.metadata["first_available"] == "301")
        let watched = await domainError { _ = try await collect(store.watch(after: 10), through: 600) }
        #expect(watched?.reason == .sequenceNotAvailable)
        #expect(try await collect(store.watch(after: 300), through: 600) == (301...600).map(\.self))
        let report = try await store.verifyEvents()
        #expect(report.isIntact && report.entries == 300)
        await store.close()
        store = try Store.open(configuration, migrations: TestSchema.migrations)
      }
      try await append(store, 1)
      #expect(store.eventHead == 601)
      let refusal = await domainError { try await store.discardEvents(through: 602) }
      #expect(refusal?.reason == .invalidArgument)
      await store.close()
    }
  }
}
