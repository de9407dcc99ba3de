import Kernel
import Storage

/// What the calls do.
enum Workload {
  typealias Call = @Sendable (Store, Int) async throws -> Void

  static let migrations = [
    Migration(
      name: "0001-entries",
      sql: """
        CREATE TABLE entry (
          id INTEGER PRIMARY KEY, owner TEXT NOT NULL, value INTEGER NOT NULL, note TEXT NOT NULL
        ) STRICT;
        """)
  ]

  static func insert(_ number: Int, in session: WriteSession) throws {
    try session.execute(
      "INSERT INTO entry (id, owner, value, note) VALUES (?, ?, ?, ?)",
      [
        .integer(Int64(number)), "enterprises/01J00000000000000000000000", .integer(Int64(number) * 3),
        "one row of a bench",
      ])
  }

  /// One row.
  static let write: Call = { store, number in
    try await store.write { try insert(number, in: $0) }
  }

  /// One row, one event and one stored outcome under a key: what an RPC that changes something costs the store.
  static let command: Call = { store, number in
    let envelope = try CommandEnvelope(
      requestID: "bench-\(number)", method: "huirong.bench.v1.BenchService/Write",
      caller: Caller(organisation: "bench", role: .operator, regionPrefix: "", subject: "bench"),
      requestHash: [UInt8](repeating: 7, count: 32), now: Instant(microseconds: 1_700_000_000_000_000))
    let reply = try await store.command(envelope) { (id: Int64) in
      Array("{\"id\":\(id)}".utf8)
    } decide: { session in
      try insert(number, in: session)
      try session.append(
        event: NewEvent(
          type: "entry.written", subject: "entries/\(number)", actor: "bench",
          payload: Array("{\"id\":\(number),\"value\":\(number * 3)}".utf8)))
      return Int64(number)
    }
    guard case .fresh = reply else { throw WrongResult(description: "command \(number) was answered before") }
  }
}
