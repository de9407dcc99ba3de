/// A read transaction: everything it sees is one consistent state of the store.
///
/// It is handed to the closure of `Store.read` and ends with it. Keep results, never the session.
public class ReadSession {
  final let connection: SQLiteConnection
  final var isOpen = true

  init(_ connection: SQLiteConnection) { self.connection = connection }

  /// Runs one statement and maps every row.
  /// - Parameter sql: one statement with `?` parameters. Statements are cached by their text: bind values, never paste them.
  /// - Throws: `StorageError`, or whatever `row` throws.
  public final func query<T>(
    _ sql: String, _ arguments: [SQLValue] = [], _ row: (Row) throws -> T
  ) throws -> [T] {
    var results: [T] = []
    try connection.forEachRow(sql, arguments, in: self) { current in
      results.append(try row(current))
      return true
    }
    return results
  }

  /// The first row of a result, or `nil` when there is none. The statement stops there.
  public final func first<T>(
    _ sql: String, _ arguments: [SQLValue] = [], _ row: (Row) throws -> T
  ) throws -> T? {
    var result: T?
    try connection.forEachRow(sql, arguments, in: self) { current in
      result = try row(current)
      return false
    }
    return result
  }

  /// Visits rows one at a time, without collecting them, until the closure answers `false`.
  public final func scan(
    _ sql: String, _ arguments: [SQLValue] = [], _ row: (Row) throws -> Bool
  ) throws {
    try connection.forEachRow(sql, arguments, in: self, row)
  }

  /// The last link of a hash chain as this session sees it; sequence 0 and 32 zero bytes before the first entry.
  public func chainHead(_ name: String) throws -> ChainHead { try ChainRecord.load(name, in: self).head }

  /// Whether statements that change data are accepted.
  var isWritable: Bool { false }

  /// Whether statements are refused outside a transaction.
  var needsTransaction: Bool { true }
}
