import Foundation
import Kernel
import Storage
import Testing

@Suite struct ChainTests {
  @Test func `the layout is the documented one`() throws {
    let encoding = CanonicalEncoding(
      previous: [UInt8](repeating: 0, count: 32), sequence: 1, content: [5, "é", .blob([9]), .null])
    let expected =
      [UInt8](repeating: 0, count: 32) + [0, 0, 0, 0, 0, 0, 0, 1] + [0, 0, 0, 0, 0, 0, 0, 4]
      + [1, 0, 0, 0, 0, 0, 0, 0, 5] + [2, 0, 0, 0, 0, 0, 0, 0, 2, 0xC3, 0xA9]
      + [3, 0, 0, 0, 0, 0, 0, 0, 1, 9] + [0]
    #expect(encoding.bytes == expected)
    // sha256 of those bytes, computed with Python's hashlib.
    let hash = HashChain.next(after: .genesis, [5, "é", .blob([9]), .null]).hash
    #expect(
      hash.map { String(format: "%02x", $0) }.joined()
        == "70fdf893f43b96b78843b512ccec11b1aa24a58c5c44ac33cfde03c8bfde60f9")
  }

  @Test func `different lists of values never share an encoding`() {
    let lists: [[SQLValue]] = [
      [], [.null], [.null, .null], ["", ""], ["a", "b"], ["ab", ""], ["ab"], [.blob(Array("ab".utf8))], [0], ["0"],
      [1, 2], [.blob([])], [""],
    ]
    #expect(Set(lists.map { HashChain.next(after: .genesis, $0).hash }).count == lists.count)
  }

  /// 20 events and 20 entries, then what a forger does, then the first bad sequence of either chain.
  private func firstBad(after forgery: String) async throws -> (events: Int64?, entries: Int64?) {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: TestSchema.migrations)
      for number in 1...20 {
        try await store.write(at: noon) { session in
          try session.append(event: event("n/\(number)", payload: [UInt8(number)]))
          try session.addEntry(Int64(number) * 100, memo: number % 2 == 0 ? nil : "m\(number)")
        }
      }
      await store.close()
      try await tamper(configuration.path, forgery)
      store = try Store.open(configuration, migrations: TestSchema.migrations)
      let report = try await store.check([TestSchema.entries])
      await store.close()
      #expect(report.isSound == report.chains.allSatisfy(\.isIntact))
      return (report.chains[0].firstBadSequence, report.chains[1].firstBadSequence)
    }
  }

  @Test func `untouched chains are intact`() async throws {
    #expect(try await firstBad(after: "SELECT 1") == (nil, nil))
  }

  @Test(arguments: [
    ("UPDATE storage_event SET payload = x'00' WHERE sequence = 7", Int64(7)),
    ("UPDATE storage_event SET actor = 'mallory' WHERE sequence = 1", 1),
    ("UPDATE storage_event SET commit_time_micros = commit_time_micros + 1 WHERE sequence = 20", 20),
    ("UPDATE storage_event SET hash = zeroblob(32) WHERE sequence = 12", 12),
    ("DELETE FROM storage_event WHERE sequence = 9", 9),
    ("DELETE FROM storage_event WHERE sequence > 15", 16),
    ("DELETE FROM storage_event", 1),
    ("UPDATE storage_chain SET hash = zeroblob(32) WHERE name = 'events'", 20),
  ])
  func `a forged event log names its first bad sequence`(forgery: String, sequence: Int64) async throws {
    #expect(try await firstBad(after: forgery) == (sequence, nil))
  }

  @Test(arguments: [
    ("UPDATE entry SET amount = amount + 1 WHERE sequence = 5", Int64(5)),
    ("UPDATE entry SET memo = 'x' WHERE sequence = 6", 6),
    ("UPDATE entry SET memo = NULL WHERE sequence = 7", 7),
    ("DELETE FROM entry WHERE sequence = 20", 20),
  ])
  func `a forged table of a service's own names its first bad sequence`(forgery: String, sequence: Int64) async throws {
    #expect(try await firstBad(after: forgery) == (nil, sequence))
  }

  @Test func `heads follow rollbacks, are the same in both sessions and survive a restart`() async throws {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(try await store.read { try $0.chainHead("test.entries") } == .genesis)
      let inside = try await store.write { session in
        try session.addEntry(1, memo: nil)
        return try session.chainHead("test.entries")
      }
      _ = try? await store.write { session in
        try session.addEntry(2, memo: nil)
        throw DomainError(.stateConflict, "undone")
      }
      #expect(inside.sequence == 1)
      #expect(try await store.read { try $0.chainHead("test.entries") } == inside)
      await store.close()
      store = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(try await store.write { try $0.chainHead("test.entries") } == inside)
      await store.close()
    }
  }

  @Test func `a commit by another connection is noticed before the next link is made`() async throws {
    try await withStore { store in
      try await store.write(at: noon) { try $0.append(event: event("a")) }
      try await tamper(store.path, "UPDATE storage_chain SET sequence = 5 WHERE name = 'events'")
      #expect(try await store.write(at: noon) { try $0.append(event: event("b")) } == 6)
      #expect(try await store.verifyEvents().firstBadSequence == 2)
    }
  }

  @Test func `verification of a long chain reads in pages`() async throws {
    try await withStore { store in
      try await store.write { session in
        for number in 1...3500 { try session.addEntry(Int64(number), memo: nil) }
      }
      let report = try await store.verifyChain(TestSchema.entries)
      #expect(report.isIntact && report.entries == 3500)
    }
  }
}
