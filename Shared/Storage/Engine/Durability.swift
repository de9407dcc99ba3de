import GRDBSQLite

/// The settings on which durability and integrity rest: each is set after the connection is open and read back, because
/// a setting that is silently not granted is the same as none.
enum Durability {
  /// Oldest engine the store is written for: STRICT tables, RETURNING, `unixepoch`.
  static let oldestEngine: Int32 = 3_040_000

  static func requireEngine() throws(StoreOpenError) {
    if sqlite3_libversion_number() < oldestEngine {
      throw .engineTooOld(found: String(cString: sqlite3_libversion()), wanted: "3.40.0")
    }
  }

  static func prepareWriter(_ connection: SQLiteConnection, _ configuration: StoreConfiguration) throws {
    let mode = try connection.controlColumn("PRAGMA journal_mode = WAL").first ?? "none"
    guard mode == "wal" else {
      throw StoreOpenError.settingRefused(setting: "journal_mode", wanted: "wal", found: mode)
    }
    try connection.control("PRAGMA synchronous = \(configuration.durability == .full ? "FULL" : "NORMAL")")
    try connection.control("PRAGMA foreign_keys = ON")
    try connection.control("PRAGMA trusted_schema = OFF")
    try connection.control("PRAGMA cell_size_check = ON")
    // Savepoints keep undo pages; in memory they cannot fail for want of a temporary directory.
    try connection.control("PRAGMA temp_store = MEMORY")
    try connection.control("PRAGMA wal_autocheckpoint = 0")
    try connection.control("PRAGMA journal_size_limit = 67108864")
    try connection.control("PRAGMA cache_size = -\(configuration.writerCacheKiB)")
    if let pages = configuration.maximumPages { try connection.control("PRAGMA max_page_count = \(pages)") }
    let wantsFull = configuration.durability != .normalAsControl
    try require(connection, "synchronous", wantsFull ? 2 : 1)
    try require(connection, "foreign_keys", 1)
    try require(connection, "trusted_schema", 0)
  }

  static func prepareReader(_ connection: SQLiteConnection, _ configuration: StoreConfiguration) throws {
    try connection.control("PRAGMA query_only = ON")
    try connection.control("PRAGMA trusted_schema = OFF")
    try connection.control("PRAGMA temp_store = MEMORY")
    try connection.control("PRAGMA cache_size = -\(configuration.readerCacheKiB)")
    try require(connection, "query_only", 1)
    try require(connection, "trusted_schema", 0)
  }

  private static func require(_ connection: SQLiteConnection, _ setting: String, _ wanted: Int64) throws {
    let found = try connection.controlInteger("PRAGMA \(setting)")
    if found != wanted {
      throw StoreOpenError.settingRefused(setting: setting, wanted: "\(wanted)", found: "\(found)")
    }
  }

  /// Every table of the schema checks the types of its columns.
  static func requireStrictTables(_ connection: SQLiteConnection) throws {
    let loose = try connection.controlColumn(
      """
      SELECT name FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%' ORDER BY name
      """)
    if !loose.isEmpty { throw StoreOpenError.tablesNotStrict(loose) }
  }
}
