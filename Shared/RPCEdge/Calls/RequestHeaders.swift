internal import GRPCCore
internal import Kernel
internal import Observability

/// The request metadata that the edge reads, picked in one pass.
struct RequestHeaders {
  private(set) var authorization: String?
  private(set) var developmentCaller: String?
  private(set) var onBehalfOf: String?
  private(set) var timeout: String?
  private(set) var acceptLanguage: String?
  private var traceparent: String?

  init(_ metadata: Metadata) {
    for (key, value) in metadata {
      guard case .string(let text) = value else { continue }
      // The length tells nearly all keys apart before any character is compared.
      switch key.utf8.count {
      case 11: if key == "traceparent" { traceparent = text }
      case 12: if key == "grpc-timeout" { timeout = text }
      case 13: if key == "authorization" { authorization = text }
      case 15: if key == "accept-language" { acceptLanguage = text }
      case 16: if key == CallerHeader.development { developmentCaller = text }
      case 22: if key == CallerHeader.onBehalfOf { onBehalfOf = text }
      default: break
      }
    }
  }

  func credentials(peer: String) -> Credentials {
    Credentials(
      authorization: authorization, developmentCaller: developmentCaller, onBehalfOf: onBehalfOf, peer: peer)
  }

  /// The hop of the caller's trace that this call is, or a new trace.
  var trace: TraceContext {
    traceparent.flatMap { TraceContext(traceparent: $0) }?.child() ?? .root()
  }

  /// `grpc-timeout`: 1 to 8 digits and a unit.
  /// - Throws: `INVALID_ARGUMENT` for anything else: a deadline that cannot be read cannot be kept.
  func deadline() throws(DomainError) -> ContinuousClock.Instant? {
    guard let timeout else { return nil }
    guard let microseconds = Self.microseconds(timeout) else {
      throw DomainError(.invalidArgument, "grpc-timeout must be 1 to 8 digits and one of H M S m u n")
    }
    return .now + .microseconds(microseconds)
  }

  private static func microseconds(_ text: String) -> Int64? {
    let bytes = text.utf8
    guard (2...9).contains(bytes.count), let unit = bytes.last else { return nil }
    var amount: Int64 = 0
    for byte in bytes.dropLast() {
      guard (0x30...0x39).contains(byte) else { return nil }
      amount = amount * 10 + Int64(byte - 0x30)
    }
    switch unit {
    case UInt8(ascii: "H"): return amount * 3_600_000_000
    case UInt8(ascii: "M"): return amount * 60_000_000
    case UInt8(ascii: "S"): return amount * 1_000_000
    case UInt8(ascii: "m"): return amount * 1000
    case UInt8(ascii: "u"): return amount
    case UInt8(ascii: "n"): return (amount + 999) / 1000
    default: return nil
    }
  }
}
