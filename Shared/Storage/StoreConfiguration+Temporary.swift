import Foundation
public import Logging

extension StoreConfiguration {
  /// A store in a fresh directory under the system's temporary directory, readable by its owner only: for tests, tools
  /// and demonstrations. The caller removes `directory` when done.
  public static func temporary(logger: Logger = Logger(label: "huirong.storage")) throws -> StoreConfiguration {
    var template = Array((NSTemporaryDirectory() + "/huirong-store-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template) else {
      throw StoreOpenError.path(NSTemporaryDirectory(), reason: String(cString: strerror(errno)))
    }
    return StoreConfiguration(path: String(cString: made) + "/store.sqlite", logger: logger)
  }

  /// The directory that holds the store's files.
  public var directory: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}
