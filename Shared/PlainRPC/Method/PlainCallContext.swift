public import GRPCCore

extension ServerCall: ServerContext.TransportSpecific {}

/// What PlainRPC adds to the context of a served call.
extension ServerContext {
  /// The deadline of a call that came over PlainRPC; `nil` without one, and for other transports. The server ends the call
  /// itself then.
  public var plainDeadline: ContinuousClock.Instant? { (transportSpecific as? ServerCall)?.expiry }

  /// Answers a unary call with a message that is encoded already: what the handler returns then gives the metadata only, and its
  /// message is not encoded. To be called by the handler's own task.
  /// - Returns: false, and nothing has happened, for a call that streams or came over another transport.
  public func answer(encoded message: [UInt8]) -> Bool {
    guard let call = transportSpecific as? ServerCall, call.streaming == nil else { return false }
    call.encodedAnswer = message
    return true
  }
}
