import Foundation
import Kernel
import Storage
import Testing

@Suite struct MigrationTests {
  private let first = Migration(name: "0001-a", sql: "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;")
  private let second = Migration(
    name: "0002-b", sql: "CREATE TABLE b (id INTEGER PRIMARY KEY) STRICT; INSERT INTO b VALUES (7);")

  private func open(_ configuration: StoreConfiguration, _ migrations: [Migration]) async throws {
    let store = try Store.open(configuration, migrations: migrations)
    await store.close()
  }

  private func refusal(_ configuration: StoreConfiguration, _ migrations: [Migration]) -> StoreOpenError? {
    #expect(throws: StoreOpenError.self) { try Store.open(configuration, migrations: migrations) }
  }

  @Test func `migrations are applied once, in order, and later ones are added`() async throws {
    try await withStorePath { configuration in
      #expect(try Store.migrate(configuration, migrations: [first]).last == "0001-a")
      #expect(try Store.migrate(configuration, migrations: [first]).isEmpty)
      #expect(try Store.migrate(configuration, migrations: [first, second]) == ["0002-b"])
      let store = try Store.open(configuration, migrations: [first, second])
      #expect(try await store.read { try $0.first("SELECT id FROM b") { try $0.int64(0) } } == 7)
      await store.close()
    }
  }

  @Test func `a changed migration refuses to start and says which`() async throws {
    try await withStorePath { configuration in
      try await open(configuration, [first, second])
      let changed = Migration(name: "0001-a", sql: first.sql + " ")
      #expect(refusal(configuration, [changed, second]) == .changedMigration("0001-a"))
    }
  }

  @Test func `an unknown applied migration refuses to start`() async throws {
    try await withStorePath { configuration in
      try await open(configuration, [first, second])
      #expect(refusal(configuration, [first]) == .unknownMigration("0002-b"))
    }
  }

  @Test func `a migration inserted before applied ones refuses to start`() async throws {
    try await withStorePath { configuration in
      try await open(configuration, [first])
      #expect(refusal(configuration, [second, first]) == .migrationOrder("0001-a", expected: "0002-b"))
    }
  }

  @Test func `a tampered record of what was applied refuses to start`() async throws {
    try await withStorePath { configuration in
      try await open(configuration, [first])
      try await tamper(
        configuration.path, "UPDATE storage_migration SET sql_sha256 = zeroblob(32) WHERE name = '0001-a'")
      #expect(refusal(configuration, [first]) == .changedMigration("0001-a"))
    }
  }

  @Test func `a failing migration is undone as a whole and named`() async throws {
    try await withStorePath { configuration in
      let broken = Migration(name: "0002-broken", sql: "CREATE TABLE c (id INTEGER) STRICT; CREATE TABLE a (x);")
      guard case .migrationFailed("0002-broken", _) = refusal(configuration, [first, broken]) else {
        Issue.record("expected migrationFailed")
        return
      }
      let fixed = Migration(name: "0002-fixed", sql: "CREATE TABLE c (id INTEGER) STRICT;")
      let applied = try Store.migrate(configuration, migrations: [first, fixed])
      #expect(applied == ["0002-fixed"])
    }
  }

  @Test func `a migration may not end its transaction`() async throws {
    try await withStorePath { configuration in
      let ending = Migration(name: "0001-x", sql: "CREATE TABLE c (id INTEGER) STRICT; COMMIT;")
      guard case .migrationFailed("0001-x", _) = refusal(configuration, [ending]) else {
        Issue.record("expected migrationFailed")
        return
      }
    }
  }

  @Test func `a table that is not STRICT refuses to start`() async throws {
    try await withStorePath { configuration in
      let loose = Migration(name: "0001-loose", sql: "CREATE TABLE loose (id INTEGER PRIMARY KEY);")
      #expect(refusal(configuration, [loose]) == .tablesNotStrict(["loose"]))
    }
  }

  @Test func `names are unique and not the store's own`() async throws {
    try await withStorePath { configuration in
      #expect(refusal(configuration, [first, first]) == .migrationName("0001-a", "is declared twice"))
      guard case .migrationName = refusal(configuration, [Migration(name: "storage-1", sql: "")]) else {
        Issue.record("expected migrationName")
        return
      }
    }
  }

  @Test func `a store told not to migrate names what is missing`() async throws {
    try await withStorePath { configuration in
      try await open(configuration, [first])
      var careful = configuration
      careful.migrationPolicy = .require
      #expect(refusal(careful, [first, second]) == .pendingMigrations(["0002-b"]))
      try await open(careful, [first])
    }
  }
}
