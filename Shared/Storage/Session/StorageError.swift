/// What went wrong inside a session: a broken constraint, a column of another type than was asked for, wrong SQL.
///
/// A command may catch a constraint violation and answer with a `DomainError`. Whatever leaves a command uncaught rolls
/// that command back, is never stored as its outcome, and reaches the caller as this error. Its text is for logs: it
/// may quote SQL and must not leave the process.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    case uniqueViolation, foreignKeyViolation, checkViolation, notNullViolation, otherConstraint
    /// A column held another type than the one asked for.
    case columnType
    /// SQL that does not compile, a wrong number of arguments, a session used after its transaction ended.
    case misuse
    /// Another process held the write lock for longer than the busy timeout.
    case busy
    /// No space left on the device.
    case full
    /// A read, write or fsync failed; the store stops.
    case inputOutput
    /// The file is damaged or no database; the store stops.
    case corrupt
    case other
  }

  public let kind: Kind
  /// SQLite's extended result code; 0 when the error is the session's own.
  public let code: Int32
  public let message: String
  public let sql: String?

  public init(_ kind: Kind, code: Int32 = 0, _ message: String, sql: String? = nil) {
    self.kind = kind
    self.code = code
    self.message = message
    self.sql = sql
  }

  public var isConstraintViolation: Bool {
    switch kind {
    case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .otherConstraint: true
    case .columnType, .misuse, .busy, .full, .inputOutput, .corrupt, .other: false
    }
  }

  /// Whether the store can no longer vouch for what is on the disk.
  var isFatal: Bool { kind == .inputOutput || kind == .corrupt }

  public var description: String {
    var text = "\(kind.rawValue): \(message)"
    if code != 0 { text += " (SQLite \(code))" }
    if let sql { text += " in \(sql.prefix(200))" }
    return text
  }
}
