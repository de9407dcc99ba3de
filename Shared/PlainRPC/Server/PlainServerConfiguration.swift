public import NIOSSL

/// Where and how a server listens.
public struct PlainServerConfiguration: Sendable {
  /// Address to bind.
  public var host: String
  /// 0 lets the system choose; `PlainServer.listeningAddress` tells.
  public var port: Int
  /// `nil`: cleartext. With `certificateVerification` set, clients must present a certificate (mTLS).
  public var tls: TLSConfiguration?
  public var limits: PlainLimits
  /// Connections at once; one above it is told ENHANCE_YOUR_CALM and closed. A thousand clients of one service, each with
  /// one connection, and a buffer of a few KiB each.
  public var maxConnections: Int
  /// Connections the kernel queues until they are accepted.
  public var backlog: Int
  /// Where handlers run.
  public var handlers: HandlerPlacement
  /// How long `beginGracefulShutdown` waits for running calls; a process has 10 s from SIGTERM in all.
  public var drainTimeout: Duration
  /// How long streams that answer without end (watches) go on after `beginGracefulShutdown`.
  public var drainStreamsTimeout: Duration
  /// What this side calls itself in SETTINGS.
  public var agent: String

  /// Where handlers run.
  public enum HandlerPlacement: Sendable, Hashable {
    /// On the connection's event loop: no hop between threads, for handlers that suspend or return soon.
    case eventLoop
    /// On the global concurrent executor, for services whose handlers compute for long.
    case concurrentPool
  }

  public init(
    host: String = "127.0.0.1", port: Int, tls: TLSConfiguration? = nil, limits: PlainLimits = .default,
    maxConnections: Int = 1024, backlog: Int = 256, handlers: HandlerPlacement = .eventLoop,
    drainTimeout: Duration = .seconds(8), drainStreamsTimeout: Duration = .seconds(1), agent: String = "huirong/1"
  ) {
    self.host = host
    self.port = port
    self.tls = tls
    self.limits = limits
    self.maxConnections = maxConnections
    self.backlog = backlog
    self.handlers = handlers
    self.drainTimeout = drainTimeout
    self.drainStreamsTimeout = drainStreamsTimeout
    self.agent = agent
  }
}
