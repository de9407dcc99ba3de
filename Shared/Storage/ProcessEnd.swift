import Foundation
import Logging

/// The default answer to an I/O error: say so and end, before anything unproven can be acknowledged.
enum ProcessEnd {
  static func stop(_ failure: StoreFailure, _ logger: Logger) -> Never {
    logger.critical("\(failure)", metadata: ["path": "\(failure.path)", "operation": "\(failure.operation)"])
    // Also without the logger, which may buffer; and no atexit handlers, which may wait for what cannot end.
    let line = Array("fatal: \(failure)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    _exit(StoreFailure.exitStatus)
  }
}
