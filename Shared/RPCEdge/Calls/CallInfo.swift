internal import GRPCCore
package import Kernel
package import Logging
package import Observability
package import PlainRPC

/// What an RPC knows about the call besides its message.
package struct CallInfo: Sendable {
  /// `huirong.fund.v1.FundService/GetAccount`.
  package let method: String
  /// On whose behalf the call is made; authorised by the access table.
  package let caller: Caller
  /// The suite's service that made the call for `caller`; `nil` when the caller called.
  package let via: Caller?
  /// When the edge accepted the call: the only time a decision knows.
  package let now: Instant
  /// Until when the caller waits; `nil` for ever.
  package let deadline: ContinuousClock.Instant?
  package let trace: TraceContext
  /// `accept-language` as sent.
  package let acceptLanguage: String?

  let cancellation: ServerContext.RPCCancellationHandle

  /// Whether nobody waits for the answer any more.
  package var isCancelled: Bool { cancellation.isCancelled || isPastDeadline }

  /// For loops inside a long unary call: a deadline or a lost caller does not stop a task by itself.
  /// - Throws: `DEADLINE_EXCEEDED`, `CANCELLED`.
  package func checkCancellation() throws(DomainError) {
    try checkDeadline()
    if cancellation.isCancelled { throw DomainError(.cancelled, "the call was cancelled") }
  }

  /// Time left until the deadline, never negative; `nil` without one.
  package var remaining: Duration? {
    deadline.map { max(.zero, $0 - .now) }
  }

  var isPastDeadline: Bool {
    guard let deadline else { return false }
    return deadline <= .now
  }

  func checkDeadline() throws(DomainError) {
    if isPastDeadline { throw .pastDeadline }
  }

  /// Options for a call to another service on behalf of the same caller: what is left of the deadline, the next hop of
  /// the trace, who is behind it and which language they read.
  /// - Parameter limit: an upper bound on the time to wait.
  package func forwarding(limit: Duration? = nil) -> PlainCallOptions {
    var metadata: Metadata = [
      "traceparent": .string(trace.child().traceparent), CallerHeader.onBehalfOf: .string(CallerHeader.format(caller)),
    ]
    if let acceptLanguage { metadata.addString(acceptLanguage, forKey: "accept-language") }
    return .inheriting(deadline: deadline, limit: limit, metadata: metadata)
  }

  /// Fields of a log line about this call.
  package func logFields(code: String, nanoseconds: Int64) -> Logger.Metadata {
    [
      "method": "\(method)", "organisation": "\(caller.organisation)", "role": "\(caller.role.rawValue)",
      "trace_id": "\(trace.traceID)", "code": "\(code)", "us": "\(nanoseconds / 1000)",
    ]
  }
}

extension DomainError {
  static var pastDeadline: DomainError {
    DomainError(.deadlineExceeded, "the deadline passed before the call was finished")
  }
}
