import Foundation
import Kernel
import Logging
import Storage

/// A wrong answer is a failed benchmark.
struct WrongResult: Error, CustomStringConvertible { let description: String }

struct Benchmarks {
  private let options: Options

  init(_ options: Options) { self.options = options }

  func run() async throws {
    try await compare("storage.groupcommit.64", callers: 64, peer: "commit-per-call", Workload.write)
    try await compare("storage.command.64", callers: 64, peer: "commit-per-call", Workload.command)
    try await compare("storage.command.1", callers: 1, peer: "commit-per-call", Workload.command)
    try await reads()
    try await scale()
    try await watchers()
  }

  private func wants(_ name: String) -> Bool { options.only.map(name.contains) ?? true }

  // MARK: Writing

  private func compare(_ name: String, callers: Int, peer: String, _ workload: @escaping Workload.Call) async throws {
    guard wants(name) else { return }
    // One caller never shares a commit; fewer calls tell as much.
    let writes = callers == 1 ? max(500, options.writes / 10) : options.writes
    var grouped: [Measurement] = []
    var single: [Measurement] = []
    for _ in 0..<options.rounds {
      grouped.append(try await measureWrites(writes, callers: callers, workload))
      single.append(try await measureWrites(writes, callers: callers, workload, groupMaximumCommands: 1))
    }
    Line(name, Measurement.median(grouped), peer: peer, Measurement.median(single)).print()
  }

  private func measureWrites(
    _ writes: Int, callers: Int, _ workload: @escaping Workload.Call, groupMaximumCommands: Int? = nil
  ) async throws -> Measurement {
    try await withStore(groupMaximumCommands: groupMaximumCommands) { store in
      for warmUp in 0..<100 { try await workload(store, -1 - warmUp) }
      let before = store.statistics
      var measurement = try await concurrently(writes, callers: callers) { try await workload(store, $0) }
      let after = store.statistics
      measurement.extra = [("commits", Double(after.groups - before.groups))]
      let rows = try await store.read { session in
        try session.first("SELECT count(*) FROM entry WHERE value = id * 3") { try $0.int64(0) }
      }
      guard rows == Int64(writes + 100), after.commands - before.commands == Int64(writes) else {
        throw WrongResult(description: "\(rows ?? 0) right rows after \(writes) writes")
      }
      guard try await store.check().isSound else { throw WrongResult(description: "the store is not sound") }
      return measurement
    }
  }

  // MARK: Reading

  /// Point reads by 64 callers while nobody writes, and while 16 callers do.
  private func reads() async throws {
    guard wants("storage.read.64") else { return }
    var quiet: [Measurement] = []
    var busy: [Measurement] = []
    for _ in 0..<options.rounds {
      quiet.append(try await measureReads(writers: 0))
      busy.append(try await measureReads(writers: 16))
    }
    Line("storage.read.64", Measurement.median(quiet), peer: "beside 16 writers", Measurement.median(busy)).print()
  }

  private func measureReads(writers: Int) async throws -> Measurement {
    let rows = 10_000
    return try await withStore { store in
      try await store.write { session in
        for row in 0..<rows { try Workload.insert(row, in: session) }
      }
      let background = (0..<writers).map { writer in
        Task {
          var number = rows + writer
          while !Task.isCancelled {
            try await Workload.write(store, number)
            number += writers
          }
        }
      }
      defer { for task in background { task.cancel() } }
      let measurement = try await concurrently(options.writes * 2, callers: 64) { number in
        let id = Int64(number % rows)
        let value = try await store.read { session in
          try session.first("SELECT value FROM entry WHERE id = ?", [.integer(id)]) { try $0.int64(0) }
        }
        if value != id * 3 { throw WrongResult(description: "entry \(id) reads \(String(describing: value))") }
      }
      for task in background {
        task.cancel()
        _ = await task.result
      }
      return measurement
    }
  }

  /// Point reads and commands over a million rows, beside a tenth of them.
  private func scale() async throws {
    guard wants("storage.scale.1m") else { return }
    let sizes = (large: 1_000_000, small: 100_000)
    try await withStore { large in
      try await withStore { small in
        for (store, rows) in [(large, sizes.large), (small, sizes.small)] {
          for start in stride(from: 0, to: rows, by: 10_000) {
            try await store.write { session in
              for row in start..<start + 10_000 { try Workload.insert(row, in: session) }
            }
          }
        }
        var reads: (large: [Measurement], small: [Measurement]) = ([], [])
        var commands: (large: [Measurement], small: [Measurement]) = ([], [])
        for round in 0..<options.rounds {
          reads.large.append(try await pointReads(large, rows: sizes.large))
          reads.small.append(try await pointReads(small, rows: sizes.small))
          commands.large.append(try await newRows(large, rows: sizes.large, round))
          commands.small.append(try await newRows(small, rows: sizes.small, round))
        }
        let peer = "\(sizes.small) rows"
        Line("storage.read.1m", Measurement.median(reads.large), peer: peer, Measurement.median(reads.small)).print()
        Line("storage.command.1m", Measurement.median(commands.large), peer: peer, Measurement.median(commands.small))
          .print()
      }
    }
  }

  private func pointReads(_ store: Store, rows: Int) async throws -> Measurement {
    try await concurrently(options.writes, callers: 4) { number in
      // Multiplying by a large prime visits the rows in no order that a cache could use.
      let id = Int64(number * 7_368_787 % rows)
      let value = try await store.read { session in
        try session.first("SELECT value FROM entry WHERE id = ?", [.integer(id)]) { try $0.int64(0) }
      }
      if value != id * 3 { throw WrongResult(description: "entry \(id) reads \(String(describing: value))") }
    }
  }

  private func newRows(_ store: Store, rows: Int, _ round: Int) async throws -> Measurement {
    let count = options.writes
    return try await concurrently(count, callers: 64) { number in
      try await Workload.command(store, rows + round * count + number)
    }
  }

  // MARK: Watching

  /// Events delivered per second to 1000 watchers, beside one watcher of the same log.
  private func watchers() async throws {
    guard wants("storage.watch.1000") else { return }
    var many: [Measurement] = []
    var one: [Measurement] = []
    for _ in 0..<options.rounds {
      many.append(try await measureWatch(watchers: 1000))
      one.append(try await measureWatch(watchers: 1))
    }
    Line("storage.watch.1000", Measurement.median(many), peer: "1 watcher", Measurement.median(one)).print()
  }

  private func measureWatch(watchers: Int) async throws -> Measurement {
    let events = 1000
    return try await withStore { store in
      let start = Stopwatch.nanoseconds()
      let sums = try await withThrowingTaskGroup(of: Int64.self) { group in
        for _ in 0..<watchers {
          group.addTask {
            var sum: Int64 = 0
            for try await event in store.watch(after: 0) {
              sum += event.sequence
              if event.sequence == Int64(events) { break }
            }
            return sum
          }
        }
        _ = try await concurrently(events, callers: 16) { try await Workload.command(store, $0) }
        return try await group.reduce(into: [Int64]()) { $0.append($1) }
      }
      let seconds = Double(Stopwatch.nanoseconds() - start) / 1e9
      let expected = Int64(events) * Int64(events + 1) / 2
      guard sums.count == watchers, sums.allSatisfy({ $0 == expected }) else {
        throw WrongResult(description: "a watcher missed or repeated an event")
      }
      return Measurement(count: events * watchers, seconds: seconds, latencies: [])
    }
  }

  // MARK: Shared

  private func withStore<R>(
    groupMaximumCommands: Int? = nil, _ body: (Store) async throws -> R
  ) async throws -> R {
    let directory = "\(options.directory)/huirong-storage-bench-\(getpid())-\(Stopwatch.nanoseconds())"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var configuration = StoreConfiguration(
      path: directory + "/store.sqlite", logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    if let groupMaximumCommands { configuration.groupMaximumCommands = groupMaximumCommands }
    let store = try Store.open(configuration, migrations: Workload.migrations)
    let result = try await body(store)
    await store.close()
    return result
  }

  private func concurrently(
    _ count: Int, callers: Int, _ call: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> Measurement {
    let start = Stopwatch.nanoseconds()
    let latencies = try await withThrowingTaskGroup(of: [Int].self) { group in
      for caller in 0..<callers {
        group.addTask {
          var mine: [Int] = []
          mine.reserveCapacity(count / callers + 1)
          for number in stride(from: caller, to: count, by: callers) {
            let begin = Stopwatch.nanoseconds()
            try await call(number)
            mine.append(Int((Stopwatch.nanoseconds() - begin) / 1000))
          }
          return mine
        }
      }
      return try await group.reduce(into: [Int]()) { $0 += $1 }
    }
    let seconds = Double(Stopwatch.nanoseconds() - start) / 1e9
    return Measurement(count: count, seconds: seconds, latencies: latencies.sorted())
  }
}
