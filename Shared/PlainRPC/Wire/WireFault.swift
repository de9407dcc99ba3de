import WireProtos

/// A breach of the wire's rules. It ends the connection with a GOAWAY that names the reason.
struct WireFault: Error, Hashable, CustomStringConvertible {
  enum Reason: Hashable {
    case protocolError
    case frameTooLarge
    case enhanceYourCalm
    case timeout
    case version
  }

  let reason: Reason
  let message: String

  init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  var description: String { "\(reason): \(message)" }

  var goAwayReason: Huirong_Plainrpc_V1_GoAwayReason {
    switch reason {
    case .protocolError: .protocolError
    case .frameTooLarge: .frameTooLarge
    case .enhanceYourCalm: .enhanceYourCalm
    case .timeout: .timeout
    case .version: .version
    }
  }
}
