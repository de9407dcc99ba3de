import Logging

/// The store's log lines in one place.
struct StoreLog: Sendable {
  private let logger: Logger
  private let path: String

  init(_ configuration: StoreConfiguration) {
    logger = configuration.logger
    path = configuration.path
  }

  func opened(engine: String, migrations: [String], events: Int64) {
    logger.info(
      "store open",
      metadata: [
        "path": "\(path)", "engine": "\(engine)", "migrations_applied": "\(migrations.joined(separator: ","))",
        "event_head": "\(events)",
      ])
  }

  func groupFailed(_ error: StorageError, commands: Int) {
    logger.error(
      "commit group undone", metadata: ["path": "\(path)", "error": "\(error)", "commands": "\(commands)"])
  }

  func checkpointFull() {
    logger.warning(
      "no space to copy the write-ahead log into the file; trying again later", metadata: ["path": "\(path)"])
  }

  func closed() { logger.info("store closed", metadata: ["path": "\(path)"]) }
}
