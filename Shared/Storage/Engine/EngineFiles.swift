import Foundation
import GRDB
import SQLiteSetup
import Synchronization

/// The files of a store: who may open them and how.
enum EngineFiles {
  /// Opens a connection. GRDB opens it, sets the busy timeout and extended result codes and refuses double-quoted text.
  static func connect(_ configuration: StoreConfiguration, readOnly: Bool) throws -> DatabaseQueue {
    _ = Self.setup
    var settings = Configuration()
    settings.readonly = readOnly
    settings.foreignKeysEnabled = true
    settings.busyMode = .timeout(TimeInterval(configuration.busyTimeoutMilliseconds) / 1000)
    settings.label = readOnly ? "storage-reader" : "storage-writer"
    do {
      return try DatabaseQueue(path: configuration.path, configuration: settings)
    } catch {
      throw StoreOpenError.path(configuration.path, reason: "\(error)")
    }
  }

  /// Made once, before the process' first connection. Refused when something else has used SQLite before: then it stays
  /// a little slower.
  private static let setup = huirong_sqlite_setup()

  /// Checks the directory and creates an empty file that only its owner may read: it holds firms' business.
  static func prepare(_ configuration: StoreConfiguration) throws(StoreOpenError) {
    let path = configuration.path
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw .path(path, reason: "the directory \(directory) does not exist")
    }
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
      if isDirectory.boolValue { throw .path(path, reason: "it is a directory") }
      return
    }
    if configuration.access == .readOnly { throw .path(path, reason: "it does not exist") }
    do {
      try create(path)
    } catch {
      throw .path(path, reason: "\(error)")
    }
  }

  /// Creates an empty file that must not exist yet.
  static func create(_ path: String) throws(StorageError) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw systemError("open", path) }
    Foundation.close(descriptor)
  }

  /// Makes the names in a directory survive a power failure.
  static func syncDirectory(of path: String) throws {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try sync(directory)
  }

  static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw systemError("open", path) }
    defer { Foundation.close(descriptor) }
    if fsync(descriptor) != 0 { throw systemError("fsync", path) }
  }

  static func systemError(_ call: String, _ path: String) -> StorageError {
    let number = errno
    return StorageError(
      number == ENOSPC || number == EDQUOT ? .full : .inputOutput,
      "\(call) \(path): \(String(cString: strerror(number)))")
  }
}

/// The right to write to a store: an advisory lock that ends with the process, however it ends.
final class InstanceLock: Sendable {
  private let held: Mutex<Int32?>

  init(path: String) throws(StoreOpenError) {
    let lockPath = path + ".lock"
    let descriptor = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw .path(path, reason: "\(lockPath): \(String(cString: strerror(errno)))") }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let reason = errno
      Foundation.close(descriptor)
      if reason == EWOULDBLOCK { throw .inUse(path: path) }
      throw .path(path, reason: "\(lockPath): \(String(cString: strerror(reason)))")
    }
    held = Mutex(descriptor)
  }

  deinit { release() }

  func release() {
    held.withLock { descriptor in
      if let open = descriptor { Foundation.close(open) }
      descriptor = nil
    }
  }
}
