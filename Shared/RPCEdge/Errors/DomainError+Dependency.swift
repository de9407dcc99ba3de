internal import GRPCCore
package import Kernel
package import PlainRPC

extension DomainError {
  /// What a failed call to another service of the suite means for the caller of this one.
  ///
  /// A refusal that the caller can understand (not found, a failed precondition, a conflict, a missing right) is handed on
  /// as it is. A peer that cannot be reached or has no room is `DEPENDENCY_UNAVAILABLE`. Anything else is this service's own
  /// fault, a malformed request above all, and the caller gets `nil`: throw the status itself then, and the edge reports an
  /// incident.
  package init?(of status: PlainStatus, from peer: String) {
    switch status.code {
    case .unavailable, .resourceExhausted:
      self.init(
        .dependencyUnavailable, "the \(peer) service cannot be reached or has no room", metadata: ["dependency": peer])
      return
    case .deadlineExceeded: self = .pastDeadline
    case .cancelled: self.init(.cancelled, "the call was cancelled")
    default:
      guard let received = status.details.flatMap(DomainError.init(received:)) else { return nil }
      switch received.reason.kind {
      case .notFound, .alreadyExists, .precondition, .conflict, .forbidden, .outOfRange: self = received
      case .malformed, .unauthenticated, .exhausted, .deadline, .cancelled, .unavailable, .unimplemented, .internal,
        .dataLoss:
        return nil
      }
    }
  }
}
