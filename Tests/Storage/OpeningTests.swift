import Foundation
import Kernel
import Storage
import Testing

@Suite struct OpeningTests {
  @Test func `an open store is in WAL mode with synchronous FULL, foreign keys and an untrusted schema`() async throws {
    try await withStore { store in
      let settings = try await store.write { session in
        try ["journal_mode", "synchronous", "foreign_keys", "trusted_schema"].map { name in
          try session.first("SELECT CAST(\(name) AS TEXT) FROM pragma_\(name)") { try $0.text(0) }
        }
      }
      #expect(settings == ["wal", "2", "1", "0"])
    }
  }

  @Test func `a store that cannot be made durable does not open`() async throws {
    try await withStorePath { configuration in
      var configuration = configuration
      configuration.durability = .normalUnnoticed
      #expect(throws: StoreOpenError.settingRefused(setting: "synchronous", wanted: "2", found: "1")) {
        try Store.open(configuration, migrations: [])
      }
    }
  }

  @Test func `a filesystem database that refuses WAL does not open`() async throws {
    try await withStorePath { configuration in
      var configuration = configuration
      configuration.path = "file::memory:"
      #expect(throws: StoreOpenError.self) { try Store.open(configuration, migrations: []) }
      try? FileManager.default.removeItem(atPath: "file::memory:")
      try? FileManager.default.removeItem(atPath: "file::memory:.lock")
    }
  }

  @Test func `only one process side may write at a time, and the lock ends with the store`() async throws {
    try await withStorePath { configuration in
      let first = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(throws: StoreOpenError.inUse(path: configuration.path)) {
        try Store.open(configuration, migrations: TestSchema.migrations)
      }
      await first.close()
      let second = try Store.open(configuration, migrations: TestSchema.migrations)
      await second.close()
    }
  }

  @Test func `a store beside the writer reads, refuses to write and sees what is committed`() async throws {
    try await withStore { store in
      _ = try await store.write { try $0.increment("a") }
      var configuration = StoreConfiguration(path: store.path, logger: quiet)
      configuration.access = .readOnly
      let reader = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(try await reader.counter("a") == 1)
      _ = try await store.write { try $0.increment("a") }
      #expect(try await reader.counter("a") == 2)
      let error = await domainError { _ = try await reader.write { try $0.increment("a") } }
      #expect(error?.reason == .unavailable)
      let watched = await domainError { for try await _ in reader.watch(after: 0) {} }
      #expect(watched?.reason == .unavailable, "nobody would tell it of commits")
      #expect(try await reader.check().isSound)
      await reader.close()
    }
  }

  @Test(arguments: [
    ("/nonexistent/dir/store.sqlite", "does not exist"), ("", "is empty"), ("/tmp", "is a directory"),
  ])
  func `a wrong path gets a clear error`(path: String, problem: String) throws {
    let error = #expect(throws: StoreOpenError.self) {
      try Store.open(StoreConfiguration(path: path, logger: quiet), migrations: [])
    }
    #expect(error.map { "\($0)".contains(problem) } == true)
  }

  @Test func `a file that is no database gets a clear error and is left alone`() async throws {
    try await withStorePath { configuration in
      let text = Data(String(repeating: "not a database\n", count: 100).utf8)
      try text.write(to: URL(fileURLWithPath: configuration.path))
      #expect(throws: StoreOpenError.self) { try Store.open(configuration, migrations: []) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: configuration.path)) == text)
    }
  }

  @Test func `a configuration outside its limits names the field`() async throws {
    try await withStorePath { configuration in
      var configuration = configuration
      configuration.readerCount = 0
      let error = #expect(throws: StoreOpenError.self) { try Store.open(configuration, migrations: []) }
      #expect(error.map { "\($0)".contains("readerCount") } == true)
    }
  }

  @Test func `a new store's file is readable by its owner only`() async throws {
    try await withStore { store in
      _ = try await store.write { try $0.increment("a") }
      for suffix in ["", "-wal", "-shm", ".lock"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: store.path + suffix)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(suffix)")
      }
    }
  }

  @Test func `a closed store refuses work and keeps what it acknowledged`() async throws {
    try await withStorePath { configuration in
      let store = try Store.open(configuration, migrations: TestSchema.migrations)
      _ = try await store.write { try $0.increment("a") }
      await store.close()
      #expect(await domainError { _ = try await store.write { try $0.increment("a") } }?.reason == .shuttingDown)
      #expect(await domainError { _ = try await store.counter("a") }?.reason == .shuttingDown)
      let again = try Store.open(configuration, migrations: TestSchema.migrations)
      #expect(try await again.counter("a") == 1)
      await again.close()
    }
  }
}
