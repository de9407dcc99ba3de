import Foundation
import GRDB
import GRDBSQLite
import Kernel

extension Store {
  /// Writes a copy of the store, as it is at one moment, to a new file at `path`, while reads and writes go on.
  ///
  /// The copy is a single file, checked and on the disk under its name when this returns; until then it is called
  /// `<path>.partial`.
  /// - Throws: `StoreOpenError.path` when `path` exists or its directory does not; `StorageError`.
  public func backup(to path: String) async throws {
    let partial = path + ".partial"
    try Self.requireAbsent(path)
    try Self.requireAbsent(partial)
    do {
      try await read { session in try Self.copy(session, to: partial) }
      try EngineFiles.sync(partial)
      // `link` refuses to overwrite what may have appeared meanwhile; `rename` would not.
      if link(partial, path) != 0 { throw EngineFiles.systemError("link", path) }
      unlink(partial)
      try EngineFiles.syncDirectory(of: path)
    } catch {
      for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) }
      throw error
    }
  }

  private static func requireAbsent(_ path: String) throws {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: directory) else {
      throw StoreOpenError.path(path, reason: "the directory \(directory) does not exist")
    }
    if FileManager.default.fileExists(atPath: path) {
      throw StoreOpenError.path(path, reason: "it exists already and a backup overwrites nothing")
    }
  }

  private static func copy(_ session: ReadSession, to path: String) throws {
    try EngineFiles.create(path)
    do {
      let target = try DatabaseQueue(path: path)
      try target.writeWithoutTransaction { copy in
        try session.connection.database.backup(to: copy)
        // The copy is one file, not one that needs a log beside it.
        let mode = try String.fetchOne(copy, sql: "PRAGMA journal_mode = DELETE")
        guard mode == "delete" else { throw StorageError(.other, "the copy keeps journal mode \(mode ?? "none")") }
        let verdict = try String.fetchOne(copy, sql: "PRAGMA quick_check(1)")
        guard verdict == "ok" else { throw StorageError(.corrupt, "the copy is damaged: \(verdict ?? "no answer")") }
      }
      try target.close()
    } catch let error as DatabaseError {
      let code = error.extendedResultCode.rawValue
      throw StorageError(
        code & 0xFF == SQLITE_FULL ? .full : .other, code: code, "the copy failed: \(error.message ?? "no message")")
    }
  }
}
