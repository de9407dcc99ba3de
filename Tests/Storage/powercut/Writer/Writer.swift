import Foundation
import Kernel
import Storage
import Synchronization

enum WriterSchema {
  static let migrations = [
    Migration(
      name: "0001-lines", sql: "CREATE TABLE line (id TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL) STRICT;")
  ]

  static let caller = Caller(organisation: "powercut", role: .operator, regionPrefix: "", subject: "writer")
}

/// Many callers that write as fast as they are answered.
struct Writer {
  private let path: String
  private let logPath: String
  private var callers = 16
  private var count = Int.max
  private var usesNormal = false

  init(_ arguments: [String]) throws {
    path = arguments[1]
    logPath = arguments[2]
    var rest = arguments.dropFirst(3)
    while let flag = rest.popFirst() {
      switch flag {
      case "--normal": usesNormal = true
      case "--callers": callers = try Self.number(rest.popFirst(), flag)
      case "--count": count = try Self.number(rest.popFirst(), flag)
      default: throw UsageError(description: "unknown flag \(flag)")
      }
    }
  }

  private static func number(_ text: String?, _ flag: String) throws -> Int {
    guard let text, let number = Int(text), number > 0 else {
      throw UsageError(description: "\(flag) needs a positive number")
    }
    return number
  }

  func run() async throws {
    var configuration = StoreConfiguration(path: path)
    if usesNormal { configuration.durability = .normalAsControl }
    let store = try Store.open(configuration, migrations: WriterSchema.migrations)
    let log = try AcknowledgementLog(logPath)
    let run = "\(getpid())"
    let numbers = Numbers()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<callers {
        group.addTask {
          while true {
            let number = numbers.next()
            if number >= count { return }
            let id = "\(run)-\(number)"
            try await Self.write(id, to: store)
            log.acknowledge(id)
          }
        }
      }
      try await group.waitForAll()
    }
    let statistics = store.statistics
    await store.close()
    print(
      """
      {"commands":\(statistics.commands),"groups":\(statistics.groups),"checkpoints":\(statistics.checkpoints),\
      "largest":\(statistics.largestGroup)}
      """)
  }

  private static func write(_ id: String, to store: Store) async throws {
    let now = Instant(microseconds: 1_700_000_000_000_000)
    let envelope = try CommandEnvelope(
      requestID: id, method: "test.Writer/Write", caller: WriterSchema.caller,
      requestHash: [UInt8](repeating: UInt8(id.utf8.count), count: 32), now: now)
    try await store.command(envelope) { (size: Int64) in
      Array("\(size)".utf8)
    } decide: { session in
      let size = Int64(id.utf8.count)
      try session.execute("INSERT INTO line (id, size) VALUES (?, ?)", [.text(id), .integer(size)])
      try session.append(
        event: NewEvent(type: "line.written", subject: "lines/\(id)", actor: "powercut", payload: Array(id.utf8)))
      return size
    }
  }
}

/// The numbers of the commands, shared by all callers.
final class Numbers: Sendable {
  private let value = Atomic<Int>(0)

  func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}

struct UsageError: Error, CustomStringConvertible { let description: String }

/// One line per acknowledged command, written to the kernel before the next command of the same caller starts.
final class AcknowledgementLog: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw UsageError(description: "\(path): \(String(cString: strerror(errno)))") }
  }

  func acknowledge(_ id: String) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let line = Array("\(id) \(time.tv_sec * 1_000_000_000 + time.tv_nsec)\n".utf8)
    _ = line.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
  }
}
