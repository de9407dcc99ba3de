import Kernel
import Storage
import Testing

@Suite struct SnapshotTests {
  @Test func `a reader keeps its snapshot while the writer goes on, and neither waits for the other`() async throws {
    try await withStore { store in
      _ = try await store.write { try $0.increment("n") }
      let gate = Gate()
      let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
      let reader = Task {
        try await store.read { session in
          let before = try session.first("SELECT value FROM counter") { try $0.int64(0) }
          arrival.finish()
          gate.wait()
          return (before, try session.first("SELECT value FROM counter") { try $0.int64(0) })
        }
      }
      for await _ in arrived {}
      for _ in 0..<5 { _ = try await store.write { try $0.increment("n") } }
      #expect(try await store.counter("n") == 6, "another reader sees the commits")
      gate.open()
      #expect(try await reader.value == (1, 1))
    }
  }

  @Test func `a reader does not see a group that has not committed`() async throws {
    try await withStore { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(3, on: store) { _, session in try session.increment("n") }
      #expect(try await store.counter("n") == nil)
      await held.release()
      for task in tasks { _ = try await task.value }
      #expect(try await store.counter("n") == 3)
    }
  }

  @Test func `two tables are always seen in the same state`() async throws {
    try await withStore { store in
      let writer = Task {
        for _ in 0..<300 {
          try await store.write { session in
            _ = try session.increment("a")
            _ = try session.increment("b")
          }
        }
      }
      for _ in 0..<300 {
        let values = try await store.read { session in
          try session.query("SELECT value FROM counter ORDER BY name") { try $0.int64(0) }
        }
        #expect(values.isEmpty || (values.count == 2 && values[0] == values[1]))
      }
      try await writer.value
    }
  }

  @Test func `the log is copied into the file once a long reader lets go`() async throws {
    try await withStore(try settings { $0.checkpointPages = 100 }) { store in
      let gate = Gate()
      let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
      let reader = Task {
        try await store.read { session in
          _ = try session.first("SELECT count(*) FROM counter") { try $0.int64(0) }
          arrival.finish()
          gate.wait()
        }
      }
      for await _ in arrived {}
      func fill() async throws {
        for _ in 0..<150 {
          try await store.write { session in
            try session.execute("INSERT INTO bytes (content) VALUES (?)", [.blob([UInt8](repeating: 1, count: 4000))])
          }
        }
      }
      try await fill()
      #expect(store.statistics.incompleteCheckpoints > 0)
      gate.open()
      try await reader.value
      try await fill()
      try await fill()
      #expect(store.statistics.checkpoints > store.statistics.incompleteCheckpoints)
      #expect(store.statistics.walFrames < 400)
    }
  }
}
