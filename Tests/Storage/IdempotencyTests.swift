import Kernel
import Storage
import Testing

@Suite struct IdempotencyTests {
  private func run(
    _ store: Store, _ envelope: CommandEnvelope, _ counter: String = "n"
  ) async throws -> (value: Int64?, isFresh: Bool) {
    answer(try await store.command(envelope, encode: encodeNumber) { try $0.increment(counter) })
  }

  @Test func `the same command twice happens once and answers the same`() async throws {
    try await withStore { store in
      let first = try await run(store, try envelope("r-1"))
      let second = try await run(store, try envelope("r-1"))
      #expect(first == (1, true))
      #expect(second == (1, false))
      #expect(try await store.counter("n") == 1)
      #expect(store.statistics.replayed == 1)
    }
  }

  @Test func `an outcome survives a restart`() async throws {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: TestSchema.migrations)
      _ = try await run(store, try envelope("r-1"))
      await store.close()
      store = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(try await run(store, try envelope("r-1")) == (1, false))
      await store.close()
    }
  }

  @Test func `another organisation may use the same request id`() async throws {
    try await withStore { store in
      _ = try await run(store, try envelope("r-1"))
      #expect(try await run(store, try envelope("r-1", organisation: "bank-b")) == (2, true))
    }
  }

  @Test func `a key used for another body is refused and says so`() async throws {
    try await withStore { store in
      _ = try await run(store, try envelope("r-1"))
      let error = await domainError { _ = try await run(store, try envelope("r-1", body: 2)) }
      #expect(error?.reason == .requestIDReused)
      #expect(error?.field == "request_id")
      #expect(error?.message.contains("body differs") == true)
      #expect(error?.metadata["differs"] == "body")
      #expect(try await store.counter("n") == 1)
    }
  }

  @Test func `a key used for another method is refused and names both`() async throws {
    try await withStore { store in
      _ = try await run(store, try envelope("r-1"))
      let error = await domainError { _ = try await run(store, try envelope("r-1", method: "test.Service/Other")) }
      #expect(error?.reason == .requestIDReused)
      #expect(error?.metadata["differs"] == "method")
      #expect(error?.metadata["first_method"] == "test.Service/Do")
      #expect(error?.metadata["method"] == "test.Service/Other")
      // The first use is not disturbed.
      #expect(try await run(store, try envelope("r-1")) == (1, false))
    }
  }

  @Test func `a rejection is frozen with all it said, and what it did is undone`() async throws {
    try await withStore { store in
      let rejection = DomainError(
        .limitExceeded, "单户 limit of CNY 10.00 exceeded", field: "amount", metadata: ["limit": "1000"])
      for attempt in 1...2 {
        let error = await domainError {
          _ = try await store.command(try envelope("r-1"), encode: encodeNumber) { session in
            _ = try session.increment("n")
            if attempt == 2 { Issue.record("decided twice") }
            throw rejection
          }
        }
        #expect(error == rejection)
      }
      let count = try await store.counter("n")
      #expect(count == nil)
      let conflict = await domainError { _ = try await run(store, try envelope("r-1", body: 9)) }
      #expect(conflict?.reason == .requestIDReused)
    }
  }

  @Test(arguments: ErrorReason.allCases)
  func `a reason is frozen exactly when it is a decision`(reason: ErrorReason) async throws {
    let kinds: Set<ErrorKind> = [
      .malformed, .forbidden, .notFound, .alreadyExists, .precondition, .conflict, .outOfRange,
    ]
    try await withStore { store in
      let error = await domainError {
        _ = try await store.command(try envelope("r-1"), encode: encodeNumber) { _ -> Int64 in
          throw DomainError(reason, "first")
        }
      }
      #expect(error?.reason == reason)
      let second = await domainError { _ = try await run(store, try envelope("r-1")) }
      #expect(second?.reason == (kinds.contains(reason.kind) ? reason : nil))
    }
  }

  @Test func `other errors are not stored: neither the engine's nor those of encoding`() async throws {
    try await withStore { store in
      await #expect(throws: StorageError.self) {
        try await store.command(try envelope("r-1"), encode: encodeNumber) { session -> Int64 in
          try session.execute("INSERT INTO note (id, body) VALUES (1, NULL)")
          return 1
        }
      }
      await #expect(throws: DomainError.self) {
        try await store.command(
          try envelope("r-1"), encode: { (_: Int64) in throw DomainError(.invalidArgument, "cannot be encoded") }
        ) { try $0.increment("n") }
      }
      let (value, isFresh) = try await run(store, try envelope("r-1"))
      #expect(value == 1 && isFresh)
    }
  }

  @Test func `of concurrent duplicates in one group one decides and the others repeat it`() async throws {
    try await withStore(try patient()) { store in
      let held = try await HeldWriter(store)
      let same = try envelope("r-1")
      let tasks = (0..<32).map { _ in
        Task { answer(try await store.command(same, encode: encodeNumber) { try $0.increment("n") }) }
      }
      while store.statistics.queuedWrites < 32 { await Task.yield() }
      let groups = store.statistics.groups
      await held.release()
      var fresh = 0
      for task in tasks {
        let (value, isFresh) = try await task.value
        #expect(value == 1)
        if isFresh { fresh += 1 }
      }
      #expect(fresh == 1)
      #expect(store.statistics.groups - groups <= 2)
      #expect(store.statistics.largestGroup >= 32)
      #expect(try await store.counter("n") == 1)
    }
  }

  @Test func `a request hash that is no SHA-256 is a mistake of the caller's code`() async throws {
    try await withStore { store in
      let short = try CommandEnvelope(
        requestID: "r", method: "m", caller: try envelope("r").caller, requestHash: [1], now: noon)
      await #expect(throws: StorageError.self) {
        try await store.command(short, encode: encodeNumber) { try $0.increment("n") }
      }
    }
  }

  @Test func `a command's events carry its time`() async throws {
    try await withStore { store in
      try await store.command(try envelope("r-1"), encode: encodeNumber) { session in
        try session.append(event: event("notes/1", payload: [1, 2, 3]))
      }
      let stored = try await store.events(after: 0, limit: 10)
      #expect(stored.map(\.commitTime) == [noon])
      #expect(stored.map(\.payload) == [[1, 2, 3]])
    }
  }
}
