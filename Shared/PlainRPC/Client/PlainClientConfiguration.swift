public import GRPCCore
public import NIOSSL

/// How a client connects.
public struct PlainClientConfiguration: Sendable {
  /// Connections it keeps, opened when first needed. One carries a thousand calls at once and batches best; more spread
  /// the work over event loops.
  public var connections: Int
  /// `nil`: cleartext.
  public var tls: TLSConfiguration?
  /// Name that the server's certificate must show; the target's host unless given.
  public var serverName: String?
  public var limits: PlainLimits
  /// How long one attempt to connect may take.
  public var connectTimeout: Duration
  public var backoff: Backoff
  /// Calls that may wait for a place among the server's concurrent calls; one above it fails with RESOURCE_EXHAUSTED.
  public var maxQueuedCalls: Int
  /// What this side calls itself in SETTINGS.
  public var agent: String
  /// Metadata that every call carries ahead of its own: the credentials of a process, for one.
  public var metadata: Metadata = [:]

  /// The wait between attempts to connect: full jitter, uniform between nothing and a ceiling that grows.
  public struct Backoff: Sendable, Hashable {
    /// Ceiling after the first failure.
    public var initial: Duration
    /// Ceiling of ceilings.
    public var maximum: Duration
    /// Growth of the ceiling with each further failure.
    public var factor: Double

    public init(initial: Duration = .milliseconds(100), maximum: Duration = .seconds(5), factor: Double = 1.6) {
      self.initial = initial
      self.maximum = maximum
      self.factor = factor
    }

    /// The ceiling after `failures` failures in a row, 1 or more.
    func ceiling(failures: Int) -> Duration {
      var ceiling = initial
      for _ in 1..<max(1, failures) where ceiling < maximum { ceiling = ceiling * factor }
      return min(ceiling, maximum)
    }
  }

  public init(
    connections: Int = 1, tls: TLSConfiguration? = nil, serverName: String? = nil, limits: PlainLimits = .default,
    connectTimeout: Duration = .seconds(3), backoff: Backoff = Backoff(), maxQueuedCalls: Int = 4096,
    agent: String = "huirong/1"
  ) {
    self.connections = connections
    self.tls = tls
    self.serverName = serverName
    self.limits = limits
    self.connectTimeout = connectTimeout
    self.backoff = backoff
    self.maxQueuedCalls = maxQueuedCalls
    self.agent = agent
  }

  /// One connection in cleartext with the default limits.
  public static let `default` = PlainClientConfiguration()
}
