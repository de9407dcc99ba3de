/// Brings a store's schema to what the program expects, or says why that cannot be.
struct Migrator {
  let connection: SQLiteConnection

  struct Applied: Hashable {
    let name: String
    let digest: [UInt8]
  }

  /// Applies what is missing, each migration in a transaction of its own together with its record.
  /// - Returns: names of the migrations applied now.
  /// - Throws: `StoreOpenError`.
  func migrate(_ migrations: [Migration]) throws -> [String] {
    try validate(migrations)
    let session = OpeningSession(connection)
    defer { session.isOpen = false }
    try connection.script(OwnSchema.ledger)
    var done: [String] = []
    // The store's own steps are numbered apart from the service's, so that either list can grow.
    for (list, isOwn) in [(OwnSchema.migrations, true), (migrations, false)] {
      let pending = try pending(list, isOwn: isOwn, session)
      for migration in pending {
        try apply(migration, session)
        done.append(migration.name)
      }
    }
    return done
  }

  /// Migrations not applied yet.
  /// - Throws: `StoreOpenError` when what is applied is not what the program declares.
  func pending(_ migrations: [Migration]) throws -> [String] {
    try validate(migrations)
    let session = OpeningSession(connection)
    defer { session.isOpen = false }
    let hasLedger = try session.first("SELECT 1 FROM sqlite_schema WHERE name = 'storage_migration'") { _ in true }
    if hasLedger == nil { return (OwnSchema.migrations + migrations).map(\.name) }
    let own = try pending(OwnSchema.migrations, isOwn: true, session)
    let service = try pending(migrations, isOwn: false, session)
    return (own + service).map(\.name)
  }

  private func pending(_ migrations: [Migration], isOwn: Bool, _ session: ReadSession) throws -> [Migration] {
    let applied = try session.query("SELECT name, sql_sha256 FROM storage_migration ORDER BY position") { row in
      Applied(name: try row.text(0), digest: try row.blob(1))
    }.filter { $0.name.hasPrefix(OwnSchema.namePrefix) == isOwn }
    for (index, entry) in applied.enumerated() {
      guard let position = migrations.firstIndex(where: { $0.name == entry.name }) else {
        throw StoreOpenError.unknownMigration(entry.name)
      }
      guard position == index else { throw StoreOpenError.migrationOrder(entry.name, expected: migrations[index].name) }
      guard migrations[index].digest == entry.digest else { throw StoreOpenError.changedMigration(entry.name) }
    }
    return Array(migrations.dropFirst(applied.count))
  }

  private func validate(_ migrations: [Migration]) throws {
    var names: Set<String> = []
    for migration in migrations {
      if migration.name.isEmpty || migration.name.hasPrefix(OwnSchema.namePrefix) {
        throw StoreOpenError.migrationName(migration.name, "is empty or begins with \"\(OwnSchema.namePrefix)\"")
      }
      if !names.insert(migration.name).inserted {
        throw StoreOpenError.migrationName(migration.name, "is declared twice")
      }
    }
  }

  private func apply(_ migration: Migration, _ session: ReadSession) throws {
    do {
      try connection.control("BEGIN IMMEDIATE")
      try connection.script(migration.sql)
      if connection.isInAutocommit { throw StorageError(.misuse, "its SQL ends the transaction") }
      _ = try connection.execute(
        """
        INSERT INTO storage_migration (position, name, sql_sha256, apply_time_seconds)
        VALUES ((SELECT coalesce(max(position), 0) + 1 FROM storage_migration), ?, ?, unixepoch())
        """, [.text(migration.name), .blob(migration.digest)], in: session)
      try connection.control("COMMIT")
    } catch {
      if !connection.isInAutocommit { try? connection.control("ROLLBACK") }
      throw StoreOpenError.migrationFailed(migration.name, "\(error)")
    }
  }
}

/// A session for the time in which the store is being opened, before there are groups.
final class OpeningSession: ReadSession {
  override var isWritable: Bool { true }
  override var needsTransaction: Bool { false }
}
