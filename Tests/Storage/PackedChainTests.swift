import Foundation
import Kernel
import Storage
import Testing

/// Rows that stand for several entries of a chain each, between rows that stand for one.
@Suite struct PackedChainTests {
  /// Three entries a row, of which the last one's hash is stored: `content` has their amounts.
  private static let migrations =
    TestSchema.migrations + [
      Migration(
        name: "0002-bundles",
        sql: "CREATE TABLE bundle (first INTEGER PRIMARY KEY, hash BLOB NOT NULL, content BLOB NOT NULL) STRICT;")
    ]

  private static let chain = ChainTable(
    chain: "test.entries", table: "entry", contentColumns: ["amount", "memo"],
    packed: PackedChain(table: "bundle", firstColumn: "first", columns: ["hash", "content"]) { row in
      let (hash, amounts) = (try row.blob(0), try row.blob(1))
      return amounts.enumerated().map { index, amount in
        PackedChain.Entry(
          content: [.integer(Int64(amount)), .null], hash: index == amounts.count - 1 ? hash : nil)
      }
    })

  private func addBundle(_ amounts: [UInt8], _ session: WriteSession) throws {
    var first: Int64 = 0
    let head = try session.extendChain("test.entries") { run in
      first = run.sequence + 1
      for amount in amounts {
        run.add(count: 2) { content in
          content.append(integer: Int64(amount))
          content.appendNull()
        }
      }
    }
    try session.execute(
      "INSERT INTO bundle (first, hash, content) VALUES (?, ?, ?)",
      [.integer(first), .blob(head.hash), .blob(amounts)])
  }

  /// Entries 1 and 2, a bundle of 3 to 5, another of 6 to 8, entry 9.
  private func report(after forgery: String) async throws -> ChainReport {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: Self.migrations)
      try await store.write { session in
        try session.addEntry(1, memo: nil)
        try session.addEntry(2, memo: "m")
      }
      try await store.write { session in
        try addBundle([3, 4, 5], session)
        try addBundle([6, 7, 8], session)
      }
      try await store.write { try $0.addEntry(9, memo: nil) }
      await store.close()
      try await tamper(configuration.path, forgery)
      store = try Store.open(configuration, migrations: Self.migrations)
      let report = try await store.verifyChain(Self.chain)
      await store.close()
      return report
    }
  }

  @Test func `rows and bundles make one chain, the same as rows alone`() async throws {
    let report = try await report(after: "SELECT 1")
    #expect(report.isIntact && report.entries == 9)
    var head = ChainHead.genesis
    for amount in Int64(1)...9 {
      head = HashChain.next(after: head, [.integer(amount), amount == 2 ? .text("m") : .null])
    }
    #expect(report.head == head)
  }

  @Test(arguments: [
    ("UPDATE entry SET amount = 0 WHERE sequence = 2", Int64(2)), ("DELETE FROM entry WHERE sequence = 1", 1),
    ("UPDATE bundle SET content = x'030405' WHERE first = 6", 6),
    ("UPDATE bundle SET content = x'' WHERE first = 3", 3),
    ("UPDATE bundle SET hash = zeroblob(32) WHERE first = 3", 3), ("DELETE FROM bundle WHERE first = 6", 6),
    ("UPDATE bundle SET content = x'060708' WHERE first = 3", 3), ("DELETE FROM entry WHERE sequence = 9", 9),
    ("UPDATE entry SET memo = 'x' WHERE sequence = 9", 9),
  ]) func `a forged row or bundle is named by its first entry`(forgery: String, sequence: Int64) async throws {
    #expect(try await report(after: forgery).firstBadSequence == sequence)
  }

  @Test func `many entries at once are undone with their command`() async throws {
    struct Refused: Error {}
    try await withStore(migrations: Self.migrations) { store in
      try await store.write { try addBundle([1, 2, 3], $0) }
      await #expect(throws: Refused.self) {
        try await store.write { session in
          try addBundle([4, 5, 6], session)
          throw Refused()
        }
      }
      try await store.write { try addBundle([7, 8], $0) }
      let report = try await store.verifyChain(Self.chain)
      #expect(report.isIntact && report.entries == 5)
    }
  }
}
