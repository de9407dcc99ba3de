/// The one error that domain, store and edge share. It reaches a client as a gRPC status with exactly one
/// `google.rpc.ErrorInfo` (reason, domain `huirong`, metadata), a `BadRequest` when `field` is set and a
/// `LocalizedMessage` in zh-CN. docs/errors.md lists every reason.
public struct DomainError: Error, Hashable, Sendable, Codable {
  public var reason: ErrorReason
  /// English, for a developer; names the value that was wrong and what would be right.
  public var message: String
  /// Path of the offending request field (`product.rate.ppm`), when one field is to blame.
  public var field: String?
  /// Machine-readable facts, keys in lower_snake_case.
  public var metadata: [String: String]

  public init(_ reason: ErrorReason, _ message: String, field: String? = nil, metadata: [String: String] = [:]) {
    self.reason = reason
    self.message = message
    self.field = field
    self.metadata = metadata
  }

  /// The same error seen from one level further out: `rate` inside `product` is `product.rate`.
  public func within(_ prefix: String) -> DomainError {
    var copy = self
    copy.field = field.map { "\(prefix).\($0)" } ?? prefix
    return copy
  }

  public static func amountOverflow(_ operation: String) -> DomainError {
    DomainError(.amountOverflow, "the amount does not fit 64 bits: \(operation)")
  }

  public static func notFound(_ name: String) -> DomainError {
    DomainError(.resourceNotFound, "\(name) does not exist", metadata: ["resource": name])
  }

  public static func invalid(_ field: String, _ message: String) -> DomainError {
    DomainError(.invalidArgument, message, field: field)
  }
}

extension DomainError: CustomStringConvertible {
  public var description: String {
    "\(reason.rawValue): \(message)" + (field.map { " (field \($0))" } ?? "")
  }
}
