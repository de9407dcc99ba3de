public import Logging

/// How a store is opened. The defaults suit a service on two cores and keep an idle one small.
public struct StoreConfiguration: Sendable {
  /// What the opener may do.
  public enum Access: Sendable, Hashable {
    /// Read and write; at most one process at a time, enforced by a lock on `<path>.lock`.
    case readWrite
    /// Read only, beside a process that writes: for checks and backups of a running service. Nothing is migrated.
    case readOnly
  }

  public enum MigrationPolicy: Sendable, Hashable {
    /// Apply what is missing.
    case apply
    /// Refuse to open when something is missing.
    case require
  }

  /// The database file; its directory must exist. `-wal`, `-shm` and `.lock` files lie beside it.
  public var path: String
  public var access = Access.readWrite
  public var migrationPolicy = MigrationPolicy.apply
  /// How long to wait for another process's lock, in milliseconds; 0 to 600 000.
  public var busyTimeoutMilliseconds = 5000
  /// Reader connections, each with a thread; 1 to 64.
  public var readerCount = 2
  /// Most commands that share one commit; 1 to 65 536.
  public var groupMaximumCommands = 512
  /// Time after which a group commits although more commands keep arriving, in microseconds; 0 to 1 000 000.
  public var groupMaximumMicroseconds = 4000
  /// Commands and reads that may wait before more are answered `OVERLOADED`; at least 1.
  public var maximumQueuedWrites = 16_384
  public var maximumQueuedReads = 16_384
  /// Page cache of the writer and of each reader, in KiB; filled only as pages are used. 64 to 4 194 304.
  public var writerCacheKiB = 65_536
  public var readerCacheKiB = 8192
  /// WAL frames after which the log is copied into the file; 100 to 1 000 000.
  public var checkpointPages = 8000
  /// Bytes of recent events kept in memory for watchers, and as much again for those that catch up; at least 65 536.
  public var recentEventBytes = 1 << 20
  /// Called once when an I/O error stops the store. The default logs, then ends the process with status 74. A handler
  /// that returns leaves a store that refuses everything; whatever was being committed then has an unknown outcome.
  public var onFailure: @Sendable (StoreFailure) -> Void
  public var logger: Logger

  /// What is written to the disk before a commit returns. Only a control experiment asks for less.
  package var durability = Durability.full
  /// A ceiling on the file's pages, to meet a full disk without one.
  package var maximumPages: Int?

  package enum Durability: Sendable, Hashable {
    case full
    /// `synchronous=NORMAL` accepted and used: loses acknowledged commits when the power fails.
    case normalAsControl
    /// `synchronous=NORMAL` set although FULL is required: the store must refuse to open.
    case normalUnnoticed
  }

  public init(path: String, logger: Logger = Logger(label: "huirong.storage")) {
    self.path = path
    self.logger = logger
    onFailure = { failure in ProcessEnd.stop(failure, logger) }
  }

  /// Events per page: enough to make a read worth its while, few enough that a watcher's page stays small.
  static let eventPageSize = 256
  static let eventPageBytes = 256 << 10

  var eventBatchLimits: EventBatch.Limits {
    EventBatch.Limits(
      pageEvents: Self.eventPageSize, pageBytes: Self.eventPageBytes, groupBytes: recentEventBytes)
  }

  /// - Throws: `StoreOpenError.configuration` naming the field.
  func validate() throws(StoreOpenError) {
    if path.isEmpty { throw .configuration(field: "path", "is empty") }
    let ranges: [(String, Int, ClosedRange<Int>)] = [
      ("busyTimeoutMilliseconds", busyTimeoutMilliseconds, 0...600_000),
      ("readerCount", readerCount, 1...64),
      ("groupMaximumCommands", groupMaximumCommands, 1...65_536),
      ("groupMaximumMicroseconds", groupMaximumMicroseconds, 0...1_000_000),
      ("maximumQueuedWrites", maximumQueuedWrites, 1...Int(Int32.max)),
      ("maximumQueuedReads", maximumQueuedReads, 1...Int(Int32.max)),
      ("writerCacheKiB", writerCacheKiB, 64...4_194_304),
      ("readerCacheKiB", readerCacheKiB, 64...4_194_304),
      ("checkpointPages", checkpointPages, 100...1_000_000),
      ("recentEventBytes", recentEventBytes, 65_536...(1 << 30)),
    ]
    for (field, value, range) in ranges where !range.contains(value) {
      throw .configuration(field: field, "is \(value), outside \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
