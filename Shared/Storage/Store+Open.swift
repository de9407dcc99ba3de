import Dispatch
import GRDB
import GRDBSQLite
import Kernel

extension Store {
  /// Opens the store at `configuration.path`, creating it if need be, brings its schema up to date and starts its
  /// threads. Durability settings are read back; a store that cannot be durable does not open.
  /// - Throws: `StoreOpenError`.
  public static func open(_ configuration: StoreConfiguration, migrations: [Migration]) throws -> Store {
    try configuration.validate()
    try Durability.requireEngine()
    try EngineFiles.prepare(configuration)
    do {
      switch configuration.access {
      case .readWrite: return try openForWriting(configuration, migrations)
      case .readOnly: return try openForReading(configuration, migrations)
      }
    } catch let error as StoreOpenError {
      throw error
    } catch {
      throw StoreOpenError.engine("\(configuration.path): \(error)")
    }
  }

  /// Brings the schema up to date and closes again.
  /// - Returns: names of the migrations applied now.
  /// - Throws: `StoreOpenError`.
  public static func migrate(_ configuration: StoreConfiguration, migrations: [Migration]) throws -> [String] {
    try configuration.validate()
    try Durability.requireEngine()
    try EngineFiles.prepare(configuration)
    let lock = try InstanceLock(path: configuration.path)
    defer { lock.release() }
    do {
      let queue = try EngineFiles.connect(configuration, readOnly: false)
      var configuration = configuration
      configuration.migrationPolicy = .apply
      return try prepare(queue, configuration, migrations).applied
    } catch let error as StoreOpenError {
      throw error
    } catch {
      throw StoreOpenError.engine("\(configuration.path): \(error)")
    }
  }

  private struct Prepared {
    var applied: [String]
    var events: ChainRecord
  }

  private static func prepare(
    _ queue: DatabaseQueue, _ configuration: StoreConfiguration, _ migrations: [Migration]
  ) throws -> Prepared {
    try SQLiteConnection.with(queue) { connection in
      try Durability.prepareWriter(connection, configuration)
      let migrator = Migrator(connection: connection)
      var applied: [String] = []
      switch configuration.migrationPolicy {
      case .apply: applied = try migrator.migrate(migrations)
      case .require: try requireNothingPending(try migrator.pending(migrations))
      }
      try Durability.requireStrictTables(connection)
      return Prepared(applied: applied, events: try eventRecord(connection))
    }
  }

  private static func requireNothingPending(_ names: [String]) throws {
    if !names.isEmpty { throw StoreOpenError.pendingMigrations(names) }
  }

  private static func eventRecord(_ connection: SQLiteConnection) throws -> ChainRecord {
    let session = OpeningSession(connection)
    defer { session.isOpen = false }
    return try ChainRecord.load(eventChain, in: session)
  }

  private static func openForWriting(_ configuration: StoreConfiguration, _ migrations: [Migration]) throws -> Store {
    let lock = try InstanceLock(path: configuration.path)
    let writer = try EngineFiles.connect(configuration, readOnly: false)
    let prepared = try prepare(writer, configuration, migrations)
    let readers = try openReaders(configuration)
    let parts = StoreParts(configuration, events: prepared.events)
    startReaders(readers, parts)
    parts.threads.start("storage-writer") {
      runWriter(writer, parts)
      lock.release()
    }
    parts.threads.start("storage-events") { parts.hub.announce() }
    parts.log.opened(
      engine: String(cString: sqlite3_libversion()), migrations: prepared.applied, events: prepared.events.head.sequence
    )
    return Store(parts)
  }

  private static func openForReading(_ configuration: StoreConfiguration, _ migrations: [Migration]) throws -> Store {
    let readers = try openReaders(configuration)
    let events = try SQLiteConnection.with(readers[0]) { connection in
      try requireNothingPending(try Migrator(connection: connection).pending(migrations))
      return try eventRecord(connection)
    }
    let parts = StoreParts(configuration, events: events)
    startReaders(readers, parts)
    let refusal = DomainError(
      .unavailable, "the store is open for reading only: it can be neither written nor followed")
    _ = parts.queue.stop(refusal)
    parts.hub.close(refusal)
    return Store(parts)
  }

  private static func openReaders(_ configuration: StoreConfiguration) throws -> [DatabaseQueue] {
    try (0..<configuration.readerCount).map { _ in
      let queue = try EngineFiles.connect(configuration, readOnly: true)
      try SQLiteConnection.with(queue) { try Durability.prepareReader($0, configuration) }
      return queue
    }
  }

  private static func startReaders(_ queues: [DatabaseQueue], _ parts: StoreParts) {
    for (index, queue) in queues.enumerated() {
      parts.openReaders.enter()
      parts.threads.start("storage-read-\(index)") {
        defer { parts.openReaders.leave() }
        do {
          try SQLiteConnection.with(queue) { parts.readers.run($0, parts) }
          try queue.close()
        } catch {
          parts.stop(operation: "read", error as? StorageError ?? StorageError(.inputOutput, "\(error)"))
        }
      }
    }
  }

  private static func runWriter(_ queue: DatabaseQueue, _ parts: StoreParts) {
    do {
      try SQLiteConnection.with(queue) { connection in
        CommitLoop(connection, parts).run()
        // The last connection to close removes the log, which one that only reads cannot do.
        parts.openReaders.wait()
        // What is left in the log is found again at the next start; emptying it only makes that start quick.
        _ = try? connection.checkpoint(.truncate)
      }
      try queue.close()
      parts.log.closed()
    } catch {
      parts.stop(operation: "commit", error as? StorageError ?? StorageError(.inputOutput, "\(error)"))
    }
  }
}
