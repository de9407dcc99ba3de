/// Why a store refuses to open. Every case says what to do about it.
public enum StoreOpenError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A setting on which durability or integrity rests was asked for and not granted.
  case settingRefused(setting: String, wanted: String, found: String)
  /// The engine is older than the oldest that the store is written for.
  case engineTooOld(found: String, wanted: String)
  case path(String, reason: String)
  /// Another process has opened this store for writing.
  case inUse(path: String)
  /// A migration's SQL differs from what was applied under its name.
  case changedMigration(String)
  /// A migration was applied that this program does not know: it is older than the store.
  case unknownMigration(String)
  case migrationOrder(String, expected: String)
  case migrationName(String, String)
  case migrationFailed(String, String)
  /// The program wants migrations that nobody has applied, and was told not to.
  case pendingMigrations([String])
  case tablesNotStrict([String])
  case configuration(field: String, String)
  case engine(String)

  public var description: String {
    switch self {
    case .settingRefused(let setting, let wanted, let found):
      "the store cannot be made durable: \(setting) should be \(wanted) but is \(found)"
    case .engineTooOld(let found, let wanted): "SQLite \(found) is too old: \(wanted) or later is needed"
    case .path(let path, let reason): "the store \(path) cannot be opened: \(reason)"
    case .inUse(let path): "the store \(path) is in use by another process; only one may write to it"
    case .changedMigration(let name):
      "migration \(name) was changed after it was applied to this store: restore its SQL and add a new migration"
    case .unknownMigration(let name):
      "migration \(name) was applied to this store but this program does not know it: use a newer program"
    case .migrationOrder(let name, let expected):
      "migration \(name) was applied where this program has \(expected): migrations may only be added at the end"
    case .migrationName(let name, let problem): "migration name \"\(name)\" \(problem)"
    case .migrationFailed(let name, let problem): "migration \(name) failed and was undone: \(problem)"
    case .pendingMigrations(let names): "the store lacks migrations \(names.joined(separator: ", ")): run migrate first"
    case .tablesNotStrict(let names): "tables \(names.joined(separator: ", ")) are not STRICT"
    case .configuration(let field, let problem): "store configuration: \(field) \(problem)"
    case .engine(let problem): "the store cannot be opened: \(problem)"
    }
  }
}
