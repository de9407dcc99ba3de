/// An I/O error after which the store no longer knows what the disk holds.
public struct StoreFailure: Error, Sendable, CustomStringConvertible {
  /// What the store was doing: `commit`, `read`, `checkpoint`.
  public let operation: String
  public let path: String
  public let error: StorageError

  /// The exit status of a process that stops for this reason (`EX_IOERR`).
  public static let exitStatus: Int32 = 74

  public var description: String {
    "the store \(path) failed during \(operation) and cannot go on: \(error)"
  }
}
