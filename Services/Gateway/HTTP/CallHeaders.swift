import GRPCCore
import HTTPTypes
import Hummingbird
import Kernel
import PlainRPC

/// What an HTTP request carries over to the service that answers it: who calls, in which trace, which language, how long.
enum CallHeaders {
  /// Longest a caller of the HTTP face waits when it names no timeout.
  static let defaultTimeout = Duration.seconds(30)

  static let idempotencyKey = name("idempotency-key")
  private static let timeout = name("x-huirong-timeout-ms")
  private static let forwarded = [
    name("authorization"), name("x-huirong-caller"), name("traceparent"), name("tracestate"), name("accept-language"),
  ]

  /// - Throws: `INVALID_ARGUMENT` for a timeout that is not a number of milliseconds between 1 and 600 000.
  static func options(_ request: Request) throws(DomainError) -> PlainCallOptions {
    var metadata = Metadata()
    for field in forwarded {
      if let value = request.headers[field] { metadata.addString(value, forKey: field.canonicalName) }
    }
    return try options(metadata, timeout: request.headers[timeout])
  }

  /// The caller's own credentials and none of the gateway's: whoever sends none is nobody.
  private static func options(_ metadata: Metadata, timeout text: String?) throws(DomainError) -> PlainCallOptions {
    var options = PlainCallOptions.timeout(try duration(text), metadata: metadata)
    options.usesClientMetadata = false
    return options
  }

  private static func duration(_ text: String?) throws(DomainError) -> Duration {
    guard let text else { return defaultTimeout }
    guard let milliseconds = Int64(text), (1...600_000).contains(milliseconds) else {
      throw DomainError(.invalidArgument, "a number of milliseconds, 1 to 600000", field: "x-huirong-timeout-ms")
    }
    return .milliseconds(milliseconds)
  }

  /// - Throws: `REQUIRED_FIELD_MISSING` without an `idempotency-key` header.
  static func requestID(_ request: Request) throws(DomainError) -> String {
    guard let key = request.headers[idempotencyKey], !key.isEmpty else {
      throw DomainError(
        .requiredFieldMissing, "send an idempotency-key header: a retry with the same key has the same effect once",
        field: "idempotency-key")
    }
    return key
  }

  // Constant names: HTTPField.Name refuses only what is not a token.
  private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .userAgent }
}
