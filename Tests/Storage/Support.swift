import Foundation
import Kernel
import Logging
import Storage
import TestProgram
import Testing

/// Notes and counters: the schema most of these tests work on.
enum TestSchema {
  static let migrations = [
    Migration(
      name: "0001-notes",
      sql: """
        CREATE TABLE note (
          id INTEGER PRIMARY KEY,
          body TEXT NOT NULL CHECK (length(body) <= 100),
          tag TEXT UNIQUE,
          parent INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED
        ) STRICT;
        CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) STRICT;
        CREATE TABLE bytes (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
        CREATE TABLE entry (
          sequence INTEGER PRIMARY KEY, hash BLOB NOT NULL, amount INTEGER NOT NULL, memo TEXT
        ) STRICT;
        """)
  ]

  static let entries = ChainTable(chain: "test.entries", table: "entry", contentColumns: ["amount", "memo"])
}

/// Runs `body` on a store of its own, which is closed and removed afterwards.
@discardableResult
func withStore<R>(
  _ settings: StoreConfiguration? = nil, migrations: [Migration] = TestSchema.migrations,
  _ body: (Store) async throws -> R
) async throws -> R {
  let configuration = try settings ?? StoreConfiguration.temporary(logger: quiet)
  defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
  let store = try Store.open(configuration, migrations: migrations)
  do {
    let result = try await body(store)
    await store.close()
    return result
  } catch {
    await store.close()
    throw error
  }
}

/// A temporary store's configuration with some of its settings changed.
func settings(_ change: (inout StoreConfiguration) -> Void) throws -> StoreConfiguration {
  var configuration = try StoreConfiguration.temporary(logger: quiet)
  change(&configuration)
  return configuration
}

/// A store whose groups are closed by their commands, not by a clock that a busy machine may hold up.
func patient() throws -> StoreConfiguration { try settings { $0.groupMaximumMicroseconds = 1_000_000 } }

/// Runs `body` on the path of a store that does not exist yet; its directory is removed afterwards.
@discardableResult
func withStorePath<R>(_ body: (StoreConfiguration) async throws -> R) async throws -> R {
  let configuration = try StoreConfiguration.temporary(logger: quiet)
  defer { try? FileManager.default.removeItem(atPath: configuration.directory) }
  return try await body(configuration)
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

let noon = Instant(microseconds: 1_700_000_000_000_000)

func envelope(
  _ requestID: String, organisation: String = "bank-a", method: String = "test.Service/Do", body: UInt8 = 1
) throws -> CommandEnvelope {
  try CommandEnvelope(
    requestID: requestID, method: method,
    caller: Caller(organisation: organisation, role: .institution, regionPrefix: "", subject: "teller"),
    requestHash: [UInt8](repeating: body, count: 32), now: noon)
}

func event(_ subject: String, payload: [UInt8] = []) -> NewEvent {
  NewEvent(type: "note.written", subject: subject, actor: "bank-a", payload: payload)
}

extension WriteSession {
  func increment(_ name: String) throws -> Int64 {
    try first(
      """
      INSERT INTO counter (name, value) VALUES (?, 1)
      ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value
      """, [.text(name)]
    ) { try $0.int64(0) } ?? 0
  }

  func addEntry(_ amount: Int64, memo: String?) throws {
    let link = try extendChain("test.entries", [.integer(amount), .text(memo)])
    try execute(
      "INSERT INTO entry (sequence, hash, amount, memo) VALUES (?, ?, ?, ?)",
      [.integer(link.sequence), .blob(link.hash), .integer(amount), .text(memo)])
  }
}

extension Store {
  func counter(_ name: String) async throws -> Int64? {
    try await read { try $0.first("SELECT value FROM counter WHERE name = ?", [.text(name)]) { try $0.int64(0) } }
  }

  func count(_ table: String) async throws -> Int64 {
    try await read { try $0.first("SELECT count(*) FROM \(table)") { try $0.int64(0) } } ?? -1
  }
}

/// The outcome of a command whose outcome is a number, and whether it was computed now.
func answer(_ reply: CommandReply<Int64>) -> (value: Int64?, isFresh: Bool) {
  switch reply {
  case .fresh(let value): (value, true)
  case .replayed(let bytes): (Int64(String(decoding: bytes, as: UTF8.self)), false)
  }
}

let encodeNumber: @Sendable (Int64) throws -> [UInt8] = { Array("\($0)".utf8) }

func domainError(_ body: () async throws -> Void) async -> DomainError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? DomainError
  }
}

/// Changes a closed store's file behind its back, as a forger would.
func tamper(_ path: String, _ sql: String) async throws {
  let script = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()"
  let ended = try await Program.run("/usr/bin/env", ["python3", "-c", script, path, sql])
  try #require(ended.status == 0, "python3 with sqlite3 is needed to tamper with a file: \(ended.errors)")
}
