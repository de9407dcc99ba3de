import Foundation
import Kernel
import Storage
import Testing

@Suite struct MaintenanceTests {
  @Test func `a backup is a whole store of its own, taken while others write`() async throws {
    try await withStore { store in
      let writer = Task {
        for number in 0..<400 {
          try await store.command(try envelope("r-\(number)"), encode: encodeNumber) { session in
            try session.append(event: event("n/\(number)"))
            return try session.increment("n")
          }
        }
      }
      let directory = StoreConfiguration(path: store.path).directory
      while store.eventHead < 50 { await Task.yield() }
      try await store.backup(to: directory + "/copy.sqlite")
      try await writer.value
      let files = try FileManager.default.contentsOfDirectory(atPath: directory)
      #expect(files.filter { $0.contains("copy") } == ["copy.sqlite"])
      let copy = try Store.open(
        StoreConfiguration(path: directory + "/copy.sqlite", logger: quiet), migrations: TestSchema.migrations)
      let report = try await copy.check()
      #expect(report.isSound)
      let count = try await copy.counter("n")
      #expect(count == copy.eventHead && copy.eventHead >= 50)
      // The copy knows what was answered before it was taken.
      let replay = answer(try await copy.command(try envelope("r-0"), encode: encodeNumber) { try $0.increment("n") })
      #expect(replay == (1, false))
      await copy.close()
    }
  }

  @Test func `a backup overwrites nothing and needs a directory`() async throws {
    try await withStore { store in
      let directory = StoreConfiguration(path: store.path).directory
      let path = directory + "/copy.sqlite"
      try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
      await #expect(throws: StoreOpenError.self) { try await store.backup(to: path) }
      await #expect(throws: StoreOpenError.self) { try await store.backup(to: directory + "/none/copy.sqlite") }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("precious".utf8))
    }
  }

  @Test func `a check tells of a broken foreign key`() async throws {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: TestSchema.migrations)
      try await store.write { try $0.execute("INSERT INTO note (id, body) VALUES (1, 'a')") }
      await store.close()
      try await tamper(configuration.path, "UPDATE note SET parent = 42")
      store = try Store.open(configuration, migrations: TestSchema.migrations)
      let report = try await store.check()
      #expect(report.foreignKeyProblems == ["note 1 → note"])
      #expect(!report.isSound)
      #expect(report.synchronous == 2)
      await store.close()
    }
  }

  @Test func `a check tells of a damaged page`() async throws {
    try await withStorePath { configuration in
      var store = try Store.open(configuration, migrations: TestSchema.migrations)
      try await store.write { session in
        for number in 0..<2000 {
          try session.execute("INSERT INTO note (body, tag) VALUES (?, ?)", ["body", .text("tag \(number)")])
        }
      }
      await store.close()
      // An index that lacks a row: found by comparing, not by the page's form.
      try await tamper(
        configuration.path,
        """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_counter_1')
        WHERE name = 'sqlite_autoindex_note_1';
        """)
      store = try Store.open(configuration, migrations: TestSchema.migrations)
      let report = try await store.check()
      #expect(!report.integrityProblems.isEmpty)
      #expect(!report.isSound)
      await store.close()
    }
  }

  @Test func `a probe is a real commit`() async throws {
    try await withStore { store in
      let groups = store.statistics.groups
      try await store.probe()
      try await store.probe()
      #expect(store.statistics.groups == groups + 2)
      #expect(try await store.read { try $0.first("SELECT count FROM storage_probe") { try $0.int64(0) } } == 2)
    }
  }
}
