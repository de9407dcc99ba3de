import GRDB
import GRDBSQLite

/// One SQLite connection as the store uses it: GRDB opens it, prepares statements and owns their lifetime; binding,
/// stepping and reading go to SQLite directly, which is what makes tens of thousands of small commands a second cheap.
///
/// It belongs to the thread that runs inside `withConnection`.
final class SQLiteConnection {
  /// Statements kept per connection. A service has a few dozen; texts built from filters must not grow without bound.
  static let maximumCachedStatements = 256
  /// A power of two.
  private static let recentSlots = 512

  let database: Database
  let handle: OpaquePointer
  private var statements: [String: CachedStatement] = [:]
  /// Statements by where their text lies in memory, in front of `statements`: a text is written once in the program and
  /// hashing it again for each use costs as much as a small statement itself.
  private var recent = [CachedStatement?](repeating: nil, count: SQLiteConnection.recentSlots)
  /// Statements run so far that may have written rows or schema without SQLite counting it as changes of rows.
  private var uncountedWrites: Int64 = 0
  private let arena = BindArena()
  /// The worst error since `takeTrouble()`; a command that swallows an error must not hide a failing disk.
  private var trouble: StorageError?

  private init(_ database: Database, _ handle: OpaquePointer) {
    self.database = database
    self.handle = handle
  }

  /// Runs `body` with a connection over `queue`, on the calling thread.
  static func with<R>(_ queue: DatabaseQueue, _ body: (SQLiteConnection) throws -> R) throws -> R {
    try queue.writeWithoutTransaction { database in
      guard let handle = database.sqliteConnection else { throw StorageError(.misuse, "the connection is closed") }
      let connection = SQLiteConnection(database, handle)
      defer {
        connection.statements.removeAll()
        connection.recent.removeAll()
      }
      return try body(connection)
    }
  }

  /// Whether no transaction is open. SQLite ends one on its own after some errors.
  var isInAutocommit: Bool { sqlite3_get_autocommit(handle) != 0 }

  func takeTrouble() -> StorageError? {
    defer { trouble = nil }
    return trouble
  }

  /// Foreign keys that are violated now and would fail the COMMIT, and with it the whole group.
  var hasDeferredViolations: Bool {
    var current: Int32 = 0
    var highest: Int32 = 0
    sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
    return current != 0
  }

  /// Grows with everything that is written, and not with a statement that was refused: that one has left nothing behind.
  var writes: Int64 { sqlite3_total_changes64(handle) &+ uncountedWrites }

  // MARK: Running statements

  func forEachRow(
    _ sql: String, _ arguments: [SQLValue], in session: ReadSession, _ body: (Row) throws -> Bool
  ) throws {
    let cached = try prepare(sql, in: session)
    try run(cached, arguments) { statement in
      while true {
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { return }
        if code != SQLITE_ROW { throw failure(code, sql) }
        if try !body(Row(statement: statement)) { return }
      }
    }
  }

  func execute(_ sql: String, _ arguments: [SQLValue], in session: ReadSession) throws -> Int {
    let cached = try prepare(sql, in: session)
    try run(cached, arguments) { statement in
      while true {
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { return }
        if code != SQLITE_ROW { throw failure(code, sql) }
      }
    }
    return cached.isReadOnly ? 0 : Int(sqlite3_changes(handle))
  }

  /// Runs one of the store's own statements without a session: transaction control and pragmas.
  func control(_ sql: String) throws {
    let cached = try cachedStatement(sql, allowsControl: true)
    try run(cached, []) { statement in
      let code = sqlite3_step(statement)
      if code != SQLITE_DONE && code != SQLITE_ROW { throw failure(code, sql) }
    }
  }

  /// The first column of every row of one of the store's own statements, as text.
  func controlColumn(_ sql: String, column: Int32 = 0) throws -> [String] {
    let cached = try cachedStatement(sql, allowsControl: true)
    var values: [String] = []
    try run(cached, []) { statement in
      while true {
        let code = sqlite3_step(statement)
        if code == SQLITE_DONE { return }
        if code != SQLITE_ROW { throw failure(code, sql) }
        values.append(sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "")
      }
    }
    return values
  }

  func controlInteger(_ sql: String) throws -> Int64 {
    let cached = try cachedStatement(sql, allowsControl: true)
    var value: Int64 = 0
    try run(cached, []) { statement in
      let code = sqlite3_step(statement)
      if code != SQLITE_ROW { throw failure(code == SQLITE_DONE ? SQLITE_MISUSE : code, sql) }
      value = sqlite3_column_int64(statement, 0)
    }
    return value
  }

  /// Runs a script of several statements, as migrations are.
  func script(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    if code != SQLITE_OK { throw failure(sqlite3_extended_errcode(handle), sql) }
  }

  private func run(_ cached: CachedStatement, _ arguments: [SQLValue], _ body: (OpaquePointer) throws -> Void) throws {
    let statement = cached.statement.sqliteStatement
    cached.isInUse = true
    let top = arena.top
    defer {
      // It is bound anew before it is stepped again: what it was bound to may go.
      sqlite3_reset(statement)
      cached.isInUse = false
      arena.top = top
    }
    try bind(arguments, to: statement, sql: cached.sql)
    try body(statement)
  }

  // MARK: Preparing and binding

  private final class CachedStatement {
    let statement: Statement
    let sql: String
    let isReadOnly: Bool
    let isControl: Bool
    /// Whether SQLite counts the rows it changes.
    let isCounted: Bool
    var isInUse = false

    init(_ statement: Statement, _ sql: String) {
      self.statement = statement
      self.sql = sql
      isReadOnly = sqlite3_stmt_readonly(statement.sqliteStatement) != 0
      isControl = ControlStatements.contains(sql)
      isCounted = isReadOnly || ControlStatements.changesRows(sql)
    }
  }

  private func prepare(_ sql: String, in session: ReadSession) throws -> CachedStatement {
    guard session.isOpen else {
      throw StorageError(.misuse, "the session is used after its transaction ended", sql: sql)
    }
    // After some errors SQLite ends the transaction on its own; what ran then would commit by itself, at once.
    if session.needsTransaction && isInAutocommit { throw StorageError(.other, "the transaction has ended", sql: sql) }
    let cached = try cachedStatement(sql, allowsControl: false)
    if !cached.isReadOnly && !session.isWritable {
      throw StorageError(.misuse, "a read session was asked to change data", sql: sql)
    }
    if !cached.isCounted { uncountedWrites += 1 }
    return cached
  }

  /// Texts of up to 15 bytes live in the string itself and have no place of their own.
  private static func slot(of sql: String) -> Int {
    let text = sql.utf8
    let place =
      text.count < 16
      ? UInt(text.count) &* 31 &+ UInt(text.last ?? 0)
      : text.withContiguousStorageIfAvailable { UInt(bitPattern: $0.baseAddress) >> 3 } ?? 0
    return Int((place ^ place >> 9) & UInt(recentSlots - 1))
  }

  private func cachedStatement(_ sql: String, allowsControl: Bool) throws -> CachedStatement {
    let slot = Self.slot(of: sql)
    // Comparing a text with itself looks at no byte of it.
    if let known = recent[slot], known.sql == sql, !known.isInUse, allowsControl || !known.isControl { return known }
    let found = try findStatement(sql, allowsControl: allowsControl)
    if !found.isInUse { recent[slot] = found }
    return found
  }

  private func findStatement(_ sql: String, allowsControl: Bool) throws -> CachedStatement {
    if let cached = statements[sql] {
      if cached.isControl && !allowsControl { throw controlRefused(sql) }
      if !cached.isInUse { return cached }
      // The same text is being stepped further out: a second statement keeps that cursor alone.
      return try makeStatement(sql)
    }
    let fresh = try makeStatement(sql)
    if fresh.isControl && !allowsControl { throw controlRefused(sql) }
    if statements.count >= Self.maximumCachedStatements {
      statements = statements.filter { $0.value.isInUse }
      recent = [CachedStatement?](repeating: nil, count: Self.recentSlots)
    }
    statements[sql] = fresh
    return fresh
  }

  private func controlRefused(_ sql: String) -> StorageError {
    StorageError(.misuse, "transactions, pragmas and attached files are the store's own business", sql: sql)
  }

  private func makeStatement(_ sql: String) throws -> CachedStatement {
    do {
      return CachedStatement(try database.makeStatement(sql: sql), sql)
    } catch let error as DatabaseError {
      let code = error.extendedResultCode.rawValue
      // A statement that does not compile is the caller's mistake; everything else is the engine's trouble.
      if code == SQLITE_ERROR {
        throw StorageError(.misuse, code: code, error.message ?? "cannot be prepared", sql: sql)
      }
      throw failure(code, sql)
    }
  }

  /// Tells SQLite to copy the bytes: they need not outlive the call.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  private func bind(_ arguments: [SQLValue], to statement: OpaquePointer, sql: String) throws {
    let wanted = Int(sqlite3_bind_parameter_count(statement))
    guard wanted == arguments.count else {
      throw StorageError(.misuse, "\(wanted) parameters but \(arguments.count) arguments", sql: sql)
    }
    var index: Int32 = 0
    for argument in arguments {
      index += 1
      let code =
        switch argument {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let text): bind(text, to: statement, index)
        case .blob(let bytes): bind(bytes, to: statement, index)
        }
      if code != SQLITE_OK { throw failure(code, sql) }
    }
  }

  private func bind(_ text: String, to statement: OpaquePointer, _ index: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      let place = arena.copy(UnsafeRawBufferPointer(bytes))
      guard let base = place ?? UnsafeRawPointer(bytes.baseAddress) else {
        return sqlite3_bind_text(statement, index, "", 0, Self.transient)
      }
      return sqlite3_bind_text64(
        statement, index, base.assumingMemoryBound(to: CChar.self), sqlite3_uint64(bytes.count),
        place == nil ? Self.transient : nil, UInt8(SQLITE_UTF8))
    }
  }

  private func bind(_ bytes: [UInt8], to statement: OpaquePointer, _ index: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      // A nil pointer would bind NULL, and an empty value is not an absent one.
      guard let base = buffer.baseAddress, !buffer.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
      let place = arena.copy(buffer)
      return sqlite3_bind_blob64(
        statement, index, place ?? base, sqlite3_uint64(buffer.count), place == nil ? Self.transient : nil)
    }
  }

  // MARK: Errors

  private func failure(_ code: Int32, _ sql: String?) -> StorageError {
    let extended = sqlite3_extended_errcode(handle)
    let effective = extended & 0xFF == code & 0xFF ? extended : code
    let kind = ResultCode.kind(of: effective, systemError: sqlite3_system_errno(handle))
    let error = StorageError(kind, code: effective, String(cString: sqlite3_errmsg(handle)), sql: sql)
    note(error)
    return error
  }

  /// Remembers an error that concerns more than the statement that met it.
  func note(_ error: StorageError) {
    if error.isFatal {
      trouble = trouble.map { $0.isFatal ? $0 : error } ?? error
    } else if error.kind == .full && trouble == nil {
      trouble = error
    }
  }

  /// Copies WAL frames into the file as far as readers allow.
  func checkpoint(_ mode: CheckpointMode) throws -> CheckpointOutcome {
    var frames: Int32 = 0
    var done: Int32 = 0
    let flag =
      switch mode {
      case .passive: SQLITE_CHECKPOINT_PASSIVE
      case .truncate: SQLITE_CHECKPOINT_TRUNCATE
      }
    let code = sqlite3_wal_checkpoint_v2(handle, nil, flag, &frames, &done)
    if code & 0xFF == SQLITE_BUSY { return CheckpointOutcome(frames: Int(frames), copied: Int(done), isBusy: true) }
    if code != SQLITE_OK { throw failure(code, nil) }
    return CheckpointOutcome(frames: Int(frames), copied: Int(done), isBusy: false)
  }

  enum CheckpointMode { case passive, truncate }

  struct CheckpointOutcome {
    var frames: Int
    var copied: Int
    var isBusy: Bool
  }
}

/// Statements a session may not run: they would end, hide or escape the group's transaction.
enum ControlStatements {
  private static let words: Set<String> = [
    "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "ATTACH", "DETACH", "VACUUM",
  ]

  static func contains(_ sql: String) -> Bool {
    words.contains(firstWord(of: sql))
  }

  /// Whether it inserts, changes or deletes rows and does nothing else.
  static func changesRows(_ sql: String) -> Bool {
    ["INSERT", "REPLACE", "UPDATE", "DELETE", "WITH"].contains(firstWord(of: sql))
  }

  /// The first keyword in upper case, behind white space, comments and stray semicolons.
  static func firstWord(of sql: String) -> String {
    var rest = Substring(sql)
    while let character = rest.first {
      if character.isWhitespace || character == ";" {
        rest.removeFirst()
      } else if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        rest.removeFirst(2)
        while !rest.isEmpty && !rest.hasPrefix("*/") { rest.removeFirst() }
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    return rest.prefix { $0.isLetter }.uppercased()
  }
}
