/// One step of a store's schema: a name and the SQL that was frozen when it was first released.
///
/// Never edit the SQL of a released migration: stores that applied the old text refuse to start, because nobody could
/// say what their schema is. Add another migration instead. The SQL uses no application type and no transaction control,
/// and every table is `STRICT`.
public struct Migration: Sendable, Hashable {
  /// Unique within a store, e.g. `0001-accounts`.
  public let name: String
  public let sql: String

  public init(name: String, sql: String) {
    self.name = name
    self.sql = sql
  }

  /// SHA-256 of the SQL's UTF-8 bytes.
  var digest: [UInt8] { HashChain.digest(sql.utf8) }
}
