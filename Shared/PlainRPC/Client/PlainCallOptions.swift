public import GRPCCore

/// What one call asks of the client beside its message.
public struct PlainCallOptions: Sendable {
  /// When the caller stops waiting. The remaining time travels with the call, so that the server gives up too.
  public var deadline: ContinuousClock.Instant?
  /// Request metadata.
  public var metadata: Metadata
  /// True: wait, until the deadline, for a connection that is not there yet. False: fail with UNAVAILABLE as soon as
  /// connecting has failed once.
  public var waitForReady: Bool
  /// Whether the metadata that the client adds to every call (its credentials) goes with this one too; false for a call that
  /// carries somebody else's.
  public var usesClientMetadata = true

  public init(deadline: ContinuousClock.Instant? = nil, metadata: Metadata = [:], waitForReady: Bool = false) {
    self.deadline = deadline
    self.metadata = metadata
    self.waitForReady = waitForReady
  }

  /// No deadline, no metadata, fail fast.
  public static let `default` = PlainCallOptions()

  public static func timeout(_ duration: Duration, metadata: Metadata = [:]) -> PlainCallOptions {
    PlainCallOptions(deadline: .now + duration, metadata: metadata)
  }

  /// Options for a call made on behalf of another: the earlier of that call's deadline and `limit` from now.
  /// - Parameter context: the call being served; its deadline is known when it came over PlainRPC.
  public static func inheriting(
    from context: ServerContext, limit: Duration? = nil, metadata: Metadata = [:]
  ) -> PlainCallOptions {
    inheriting(deadline: context.plainDeadline, limit: limit, metadata: metadata)
  }

  /// The earlier of `deadline` and `limit` from now; neither when both are absent.
  public static func inheriting(
    deadline: ContinuousClock.Instant?, limit: Duration? = nil, metadata: Metadata = [:]
  ) -> PlainCallOptions {
    let own = limit.map { ContinuousClock.Instant.now + $0 }
    return PlainCallOptions(deadline: [deadline, own].compactMap { $0 }.min(), metadata: metadata)
  }
}
