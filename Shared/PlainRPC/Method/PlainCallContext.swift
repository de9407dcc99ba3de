public import GRPCCore

/// What PlainRPC adds to the context of a served call, under `ServerContext.transportSpecific`.
public struct PlainCallContext: ServerContext.TransportSpecific {
  /// When the caller stops waiting; the server ends the call itself then.
  public let deadline: ContinuousClock.Instant?
}

extension ServerContext {
  /// The deadline of a call that came over PlainRPC; `nil` without one, and for other transports.
  public var plainDeadline: ContinuousClock.Instant? { (transportSpecific as? PlainCallContext)?.deadline }
}
