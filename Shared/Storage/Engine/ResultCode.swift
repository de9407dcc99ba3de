import Foundation
import GRDBSQLite

/// SQLite's result codes in the store's vocabulary: which errors are the command's own, which fill a disk and which
/// mean that the disk can no longer be believed.
package enum ResultCode {
  // Extended codes are macros that Swift does not import: the primary code and a number in the second byte.
  private static let check = SQLITE_CONSTRAINT | 1 << 8
  private static let foreignKey = SQLITE_CONSTRAINT | 3 << 8
  private static let notNull = SQLITE_CONSTRAINT | 5 << 8
  private static let primaryKey = SQLITE_CONSTRAINT | 6 << 8
  private static let unique = SQLITE_CONSTRAINT | 8 << 8
  private static let rowID = SQLITE_CONSTRAINT | 10 << 8
  private static let dataType = SQLITE_CONSTRAINT | 12 << 8
  static let fsyncFailed = SQLITE_IOERR | 4 << 8
  static let directoryFsyncFailed = SQLITE_IOERR | 5 << 8
  static let writeFailed = SQLITE_IOERR | 3 << 8

  /// - Parameter systemError: `errno` of the failed system call, as `sqlite3_system_errno` reports it.
  package static func kind(of code: Int32, systemError: Int32) -> StorageError.Kind {
    switch code {
    case unique, primaryKey, rowID: return .uniqueViolation
    case foreignKey: return .foreignKeyViolation
    case check, dataType: return .checkViolation
    case notNull: return .notNullViolation
    // A failed fsync is never a full disk that heals: the kernel may have dropped the pages it could not write.
    case fsyncFailed, directoryFsyncFailed: return .inputOutput
    default: break
    }
    switch code & 0xFF {
    case SQLITE_CONSTRAINT: return .otherConstraint
    case SQLITE_FULL: return .full
    // Growing the WAL index or a write may run out of space without SQLite calling it SQLITE_FULL.
    case SQLITE_IOERR: return systemError == ENOSPC || systemError == EDQUOT ? .full : .inputOutput
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt
    case SQLITE_CANTOPEN: return .inputOutput
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy
    case SQLITE_MISUSE, SQLITE_RANGE: return .misuse
    default: return .other
    }
  }
}
