package import GRPCCore
package import Kernel

extension ErrorKind {
  /// The one gRPC status of a kind.
  package var code: RPCError.Code {
    switch self {
    case .malformed: .invalidArgument
    case .unauthenticated: .unauthenticated
    case .forbidden: .permissionDenied
    case .notFound: .notFound
    case .alreadyExists: .alreadyExists
    case .precondition: .failedPrecondition
    case .conflict: .aborted
    case .exhausted: .resourceExhausted
    case .deadline: .deadlineExceeded
    case .cancelled: .cancelled
    case .unavailable: .unavailable
    case .unimplemented: .unimplemented
    case .internal: .internalError
    case .dataLoss: .dataLoss
    case .outOfRange: .outOfRange
    }
  }

  /// Whether sending the same request again may succeed without anything else changing.
  package var isRetryable: Bool {
    switch self {
    case .unavailable, .exhausted, .conflict, .deadline: true
    case .malformed, .unauthenticated, .forbidden, .notFound, .alreadyExists, .precondition, .cancelled, .unimplemented,
      .internal, .dataLoss, .outOfRange:
      false
    }
  }
}
