import Dispatch
import Foundation
import Kernel
import Storage
import Synchronization
import TestProgram
import Testing

@Suite struct GroupCommitTests {
  @Test func `10 000 writes by 64 callers share commits, are all answered right and keep their order`() async throws {
    try await withStore { store in
      let callers = 64
      let total = 10_000
      let before = store.statistics
      let answers = try await withThrowingTaskGroup(of: [Int64].self) { group in
        for caller in 0..<callers {
          group.addTask {
            var mine: [Int64] = []
            for number in stride(from: caller, to: total, by: callers) {
              mine.append(
                try await store.write { session in
                  let value = try session.increment("all")
                  try session.execute(
                    "INSERT INTO note (id, body) VALUES (?, ?)", [.integer(value), .text("\(caller)/\(number)")])
                  return value
                })
            }
            return mine
          }
        }
        return try await group.reduce(into: [[Int64]]()) { $0.append($1) }
      }
      // Each caller's writes were decided in the order of its calls, and no number was given twice.
      #expect(answers.allSatisfy { $0 == $0.sorted() })
      #expect(answers.flatMap(\.self).sorted() == (1...Int64(total)).map(\.self))
      #expect(try await store.counter("all") == Int64(total))
      let after = store.statistics
      #expect(after.commands - before.commands == Int64(total))
      #expect(after.groups - before.groups < Int64(total) / 2, "callers did not share commits")
      #expect(after.largestGroup > 8)
    }
  }

  @Test func `the kernel sees at most one fsync per commit group`() async throws {
    try await withStorePath { configuration in
      let trace = configuration.directory + "/trace"
      let log = configuration.directory + "/log"
      let writer = try StorageWriter.locate()
      guard FileManager.default.isExecutableFile(atPath: "/usr/bin/strace") else {
        print("SKIPPED counting fsyncs: /usr/bin/strace is not installed")
        return
      }
      let ended = try await Program.run(
        "/usr/bin/strace",
        ["-f", "-e", "trace=fsync,fdatasync", "-o", trace, writer, "write", configuration.path, log]
          + ["--callers", "64", "--count", "10000"])
      try #require(ended.status == 0, "\(ended.errors)")
      let counts = try JSONDecoder().decode([String: Int].self, from: Data(ended.output.utf8))
      let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
      let syncs = lines.count { $0.contains("sync(") }
      let groups = try #require(counts["groups"])
      let checkpoints = try #require(counts["checkpoints"])
      #expect(counts["commands"] == 10_000)
      // Opening, migrating and closing take a few; a checkpoint syncs the log and the file.
      #expect(syncs <= groups + 3 * checkpoints + 20, "\(syncs) for \(counts)")
      #expect(syncs < 10_000 / 4)
    }
  }

  @Test func `commands of one group are decided in the order in which they were asked for`() async throws {
    try await withStore(try patient()) { store in
      let order = Mutex<[Int]>([])
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(50, on: store) { number, session in
        order.withLock { $0.append(number) }
        return try session.increment("n")
      }
      await held.release()
      for (number, task) in tasks.enumerated() { #expect(try await task.value == Int64(number + 1)) }
      #expect(order.withLock { $0 } == Array(0..<50))
      #expect(store.statistics.largestGroup >= 50)
    }
  }

  @Test func `a failing command in the middle of a group affects nobody else`() async throws {
    try await withStore(try patient()) { store in
      let held = try await HeldWriter(store)
      let groups = store.statistics.groups
      let tasks = await startInOrder(9, on: store) { number, session in
        let value = try session.increment("n")
        try session.append(event: event("n/\(number)"), at: noon)
        switch number {
        case 2: throw DomainError(.stateConflict, "refused")
        case 4: try session.execute("INSERT INTO note (id, body) VALUES (1, NULL)")
        // Violated only when the group commits, unless the store looks at the end of each command.
        case 6: try session.execute("INSERT INTO note (id, body, parent) VALUES (1, 'orphan', 99)")
        default: break
        }
        return value
      }
      await held.release()
      var values: [Int64] = []
      var failures: [Int: String] = [:]
      for (number, task) in tasks.enumerated() {
        do {
          values.append(try await task.value)
        } catch let error as DomainError {
          failures[number] = error.reason.rawValue
        } catch let error as StorageError {
          failures[number] = error.kind.rawValue
        }
      }
      #expect(values == [1, 2, 3, 4, 5, 6])
      #expect(failures == [2: "STATE_CONFLICT", 4: "notNullViolation", 6: "foreignKeyViolation"])
      #expect(try await store.count("note") == 0)
      #expect(try await store.events(after: 0, limit: 20).map(\.subject) == [0, 1, 3, 5, 7, 8].map { "n/\($0)" })
      #expect(store.statistics.groups - groups <= 2, "the held command's group and one more")
      #expect(store.statistics.largestGroup >= 9)
      #expect(store.statistics.decidedTwice == 1, "with savepoints the second time")
    }
  }

  @Test func `a command that fails before it has written anything costs its group nothing`() async throws {
    try await withStore(try patient()) { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(6, on: store) { number, session in
        switch number {
        case 1: throw DomainError(.stateConflict, "refused")
        case 3: try session.execute("INSERT INTO note (id, body) VALUES (1, NULL)")
        case 4: try session.execute("DELETE FROM note WHERE id = 99")
        default: break
        }
        if number == 4 { throw DomainError(.stateConflict, "there was nothing to delete") }
        return try session.increment("n")
      }
      await held.release()
      var values: [Int64] = []
      for task in tasks { if let value = try? await task.value { values.append(value) } }
      #expect(values == [1, 2, 3])
      #expect(store.statistics.decidedTwice == 0)
    }
  }

  @Test(arguments: [
    "INSERT INTO pair VALUES (2, 2)", "UPDATE pair SET b = 3", "DELETE FROM pair",
    "CREATE TABLE more (a INTEGER) STRICT",
    "INSERT INTO pair VALUES (2, 2) RETURNING b", "WITH p AS (SELECT 2) INSERT INTO pair SELECT 2, 2 FROM p",
    "REPLACE INTO pair VALUES (1, 9)", "ALTER TABLE pair ADD COLUMN c INTEGER",
  ])
  func `whatever a failing command has written is undone alone`(_ sql: String) async throws {
    let pairs = Migration(
      name: "0001-pairs",
      sql: """
        CREATE TABLE pair (a INTEGER NOT NULL PRIMARY KEY, b INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO pair VALUES (1, 1);
        """)
    try await withStore(try patient(), migrations: [pairs]) { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(3, on: store) { number, session in
        if number == 1 {
          try session.scan(sql) { _ in true }
          throw DomainError(.stateConflict, "refused")
        }
        return Int64(try session.execute("INSERT INTO pair VALUES (?, 0)", [.integer(Int64(10 + number))]))
      }
      await held.release()
      #expect(try await tasks[0].value == 1)
      await #expect(throws: DomainError.self) { try await tasks[1].value }
      #expect(try await tasks[2].value == 1)
      let rows = try await store.read { session in
        try session.query("SELECT * FROM pair ORDER BY a") { [try $0.int64(0), try $0.int64(1)] }
      }
      #expect(rows == [[1, 1], [10, 0], [12, 0]])
      let ghosts = try await store.count(
        "(SELECT name FROM pragma_table_info('pair') UNION SELECT name FROM sqlite_schema) WHERE name IN ('c', 'more')")
      #expect(ghosts == 0)
      #expect(store.statistics.decidedTwice == 1)
    }
  }

  @Test func `a group is no larger than its limit`() async throws {
    try await withStore(try settings { $0.groupMaximumCommands = 8 }) { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(40, on: store) { _, session in try session.increment("n") }
      await held.release()
      for task in tasks { _ = try await task.value }
      #expect(store.statistics.largestGroup <= 8)
      #expect(try await store.counter("n") == 40)
    }
  }

  @Test func `a group is no longer than its time, and what it had no time for comes next in order`() async throws {
    try await withStore(try settings { $0.groupMaximumMicroseconds = 0 }) { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(20, on: store) { _, session in try session.increment("n") }
      await held.release()
      for (number, task) in tasks.enumerated() { #expect(try await task.value == Int64(number + 1)) }
      #expect(store.statistics.largestGroup == 1)
    }
  }

  @Test func `a queue that is full refuses the next command`() async throws {
    try await withStore(try settings { $0.maximumQueuedWrites = 4 }) { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(4, on: store) { _, session in try session.increment("n") }
      #expect(await domainError { _ = try await store.write { try $0.increment("n") } }?.reason == .overloaded)
      await held.release()
      for task in tasks { _ = try await task.value }
      #expect(try await store.counter("n") == 4)
    }
  }

  @Test func `a cancelled caller's queued command happens and is answered, an unqueued one does not`() async throws {
    try await withStore { store in
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(1, on: store) { _, session in try session.increment("queued") }
      tasks[0].cancel()
      await held.release()
      #expect(try await tasks[0].value == 1)
      #expect(try await store.counter("queued") == 1)

      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await store.write { try $0.increment("unqueued") }
      }
      await #expect(throws: DomainError.self) { try await task.value }
      #expect(try await store.counter("unqueued") == nil)
    }
  }

  @Test func `closing finishes what is queued`() async throws {
    try await withStorePath { configuration in
      let store = try Store.open(configuration, migrations: TestSchema.migrations)
      let held = try await HeldWriter(store)
      let tasks = await startInOrder(20, on: store) { _, session in try session.increment("n") }
      async let closing: Void = store.close()
      await held.release()
      for task in tasks { _ = try await task.value }
      await closing
      let again = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(try await again.counter("n") == 20)
      await again.close()
    }
  }

  @Test func `a write is seen by every read asked for after its answer`() async throws {
    try await withStore { store in
      for expected in 1...200 {
        _ = try await store.write { try $0.increment("n") }
        #expect(try await store.counter("n") == Int64(expected))
      }
    }
  }
}

/// Holds the writer inside one command, so that what is asked for meanwhile forms the next group.
final class HeldWriter: Sendable {
  private let gate = Gate()
  private let task: Task<Void, any Error>

  /// Returns once the writer stands at the gate.
  init(_ store: Store) async throws {
    let gate = gate
    let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
    task = Task {
      try await store.write { _ in
        arrival.finish()
        gate.wait()
      }
    }
    for await _ in arrived {}
  }

  func release() async {
    gate.open()
    _ = await task.result
  }
}

/// A door on which a thread of the store waits, never a task.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}

/// Starts writes one after another, each once its predecessor is queued.
func startInOrder<R: Sendable>(
  _ count: Int, on store: Store, _ body: @escaping @Sendable (Int, WriteSession) throws -> R
) async -> [Task<R, any Error>] {
  var tasks: [Task<R, any Error>] = []
  for number in 0..<count {
    let queued = store.statistics.queuedWrites
    tasks.append(Task { try await store.write { try body(number, $0) } })
    while store.statistics.queuedWrites == queued { await Task.yield() }
  }
  return tasks
}
