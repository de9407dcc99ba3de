import Kernel
import Storage
import Testing

@Suite struct SessionTests {
  @Test func `values come back as they were bound, empty ones included`() async throws {
    try await withStore { store in
      try await store.write { session in
        try session.execute("INSERT INTO bytes (id, content) VALUES (1, ?)", [.blob([])])
        try session.execute("INSERT INTO note (id, body) VALUES (?, ?)", [.integer(.max), ""])
        try session.execute("INSERT INTO note (id, body) VALUES (?, ?)", [.integer(.min), "首贷户 \u{0}尾"])
      }
      let notes = try await store.read { session in
        try session.query("SELECT id, body, tag FROM note ORDER BY id") {
          "\(try $0.int64(0)):\(try $0.text(1)):\(try $0.optionalText(2) ?? "-")"
        }
      }
      #expect(notes == ["\(Int64.min):首贷户 \u{0}尾:-", "\(Int64.max)::-"])
      let content = try await store.read { try $0.first("SELECT content FROM bytes") { try $0.blob(0) } }
      #expect(content == [])
    }
  }

  @Test func `a column of another type is an error, never a silent conversion`() async throws {
    try await withStore { store in
      for (sql, expected) in [
        ("SELECT NULL", "NULL"), ("SELECT 'x'", "text"), ("SELECT 1.5", "floating-point"), ("SELECT x'00'", "bytes"),
      ] {
        let error = await #expect(throws: StorageError.self) {
          _ = try await store.read { try $0.first(sql) { try $0.int64(0) } }
        }
        #expect(error?.kind == .columnType)
        #expect(error?.message.contains(expected) == true)
      }
      await #expect(throws: StorageError.self) {
        _ = try await store.read { try $0.first("SELECT 1") { try $0.int64(1) } }
      }
      await #expect(throws: StorageError.self) {
        _ = try await store.read { try $0.first("SELECT 0.1 + 0.2") { try $0.value(0) } }
      }
    }
  }

  @Test(arguments: [
    "COMMIT", "  rollback", "/* x */ BEGIN", "-- y\nSAVEPOINT a", "PRAGMA synchronous = OFF", ";ATTACH 'x' AS y",
    "VACUUM", "end",
  ])
  func `a session refuses transaction control and pragmas`(sql: String) async throws {
    try await withStore { store in
      let error = await #expect(throws: StorageError.self) { try await store.write { try $0.execute(sql) } }
      #expect(error?.kind == .misuse)
      let report = try await store.check()
      #expect(report.isSound)
    }
  }

  @Test func `a read session refuses to change data`() async throws {
    try await withStore { store in
      let error = await #expect(throws: StorageError.self) {
        try await store.read { session in
          try session.query("INSERT INTO counter VALUES ('a', 1) RETURNING value") { try $0.int64(0) }
        }
      }
      #expect(error?.kind == .misuse)
    }
  }

  @Test func `a wrong number of arguments and SQL that does not compile are the caller's mistakes`() async throws {
    try await withStore { store in
      let cases: [(String, [SQLValue])] = [
        ("SELECT ?", []), ("SELECT 1", [1]), ("SELEKT", []), ("SELECT 1; SELECT 2", []),
      ]
      for (sql, arguments) in cases {
        let error = await #expect(throws: StorageError.self) {
          _ = try await store.read { try $0.first(sql, arguments) { try $0.int64(0) } }
        }
        #expect(error?.kind == .misuse, "\(sql)")
      }
    }
  }

  @Test func `constraint violations are told apart`() async throws {
    try await withStore { store in
      try await store.write { try $0.execute("INSERT INTO note (id, body, tag) VALUES (1, 'a', 't')") }
      let cases: [(String, StorageError.Kind)] = [
        ("INSERT INTO note (id, body) VALUES (1, 'b')", .uniqueViolation),
        ("INSERT INTO note (id, body, tag) VALUES (2, 'b', 't')", .uniqueViolation),
        ("INSERT INTO note (id, body) VALUES (2, NULL)", .notNullViolation),
        ("INSERT INTO note (id, body) VALUES (2, hex(zeroblob(60)))", .checkViolation),
        ("INSERT INTO bytes (id, content) VALUES (2, 'text')", .checkViolation),
        ("INSERT INTO note (id, body, parent) VALUES (2, 'b', 99)", .foreignKeyViolation),
      ]
      for (sql, kind) in cases {
        let error = await #expect(throws: StorageError.self) { try await store.write { try $0.execute(sql) } }
        #expect(error?.kind == kind, "\(sql)")
      }
      #expect(try await store.count("note") == 1)
    }
  }

  @Test func `the same text may be stepped inside its own cursor`() async throws {
    try await withStore { store in
      try await store.write { session in
        for id in 1...3 { try session.execute("INSERT INTO note (id, body) VALUES (?, 'x')", [.integer(Int64(id))]) }
      }
      let pairs = try await store.read { session in
        try session.query("SELECT id FROM note ORDER BY id") { outer in
          let left = try outer.int64(0)
          return try session.query("SELECT id FROM note ORDER BY id") { left * 10 + (try $0.int64(0)) }
        }
      }
      #expect(pairs == [[11, 12, 13], [21, 22, 23], [31, 32, 33]])
    }
  }

  @Test func `a savepoint inside a command undoes one step and leaves the rest`() async throws {
    try await withStore { store in
      try await store.write(at: noon) { session in
        try session.append(event: event("kept"))
        do {
          try session.savepoint {
            _ = try session.increment("undone")
            try session.append(event: event("undone"))
            throw DomainError(.dataRefused, "one line of an import")
          }
        } catch is DomainError {}
        try session.append(event: event("after"))
      }
      #expect(try await store.counter("undone") == nil)
      #expect(try await store.events(after: 0, limit: 10).map(\.subject) == ["kept", "after"])
      #expect(try await store.verifyEvents().isIntact)
    }
  }

  @Test func `many different statements do not grow the cache without bound`() async throws {
    try await withStore { store in
      let sum = try await store.read { session in
        try (0..<2000).reduce(into: Int64(0)) { sum, number in
          sum += try session.first("SELECT \(number)") { try $0.int64(0) } ?? 0
        }
      }
      #expect(sum == 1_999_000)
    }
  }
}
