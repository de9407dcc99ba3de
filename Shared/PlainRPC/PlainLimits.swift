/// What one connection may cost. Both sides hold them; docs/wire.md gives each a section. Every number can be set, and
/// none can be switched off.
public struct PlainLimits: Sendable, Hashable {
  /// Largest frame accepted, counted after the length field: one message of a batch import fits, a mistaken length of
  /// gigabytes does not. Bytes.
  public var maxFrameBytes = 4 * 1024 * 1024
  /// Largest head accepted: metadata and error details are small; what is large belongs into messages. Bytes.
  public var maxHeadBytes = 16 * 1024
  /// Calls that may run at once on one connection, cancelled ones whose handlers have not returned included. Enough to
  /// keep two cores busy many times over; a call above it ends with RESOURCE_EXHAUSTED.
  public var maxConcurrentCalls = 1024
  /// What a peer may send on one stream before the receiver has consumed any of it; bandwidth times delay of a city's
  /// network. Not below `minimumInitialCreditBytes`.
  public var initialCreditBytes = minimumInitialCreditBytes
  /// Request bodies of unfinished calls and unconsumed streams on one connection together; the call that exceeds it ends
  /// with RESOURCE_EXHAUSTED. Bytes.
  public var maxRequestBytesInFlight = 32 * 1024 * 1024
  /// With more than this waiting to be written, nothing more is read from the peer and streams pause. Bytes.
  public var outboundHighWaterBytes = 1024 * 1024
  /// With more than this waiting to be written, the connection is closed: running calls may still answer while reading is
  /// paused, and this bounds them. Bytes.
  public var maxOutboundBytes = 64 * 1024 * 1024
  /// Preface and SETTINGS must be there this long after the connection is.
  public var handshakeTimeout: Duration = .seconds(5)
  /// A frame that has begun must be complete this much later: 4 MiB at 200 KiB/s.
  public var frameTimeout: Duration = .seconds(20)
  /// A peer that leaves more than the high-water mark unread for this long is closed.
  public var writeStallTimeout: Duration = .seconds(20)
  /// Silence after which a PING is sent; middleboxes commonly forget a connection after a minute.
  public var keepaliveIdle: Duration = .seconds(30)
  /// A PING must be answered within this time.
  public var keepaliveTimeout: Duration = .seconds(10)
  /// How long a connection that was closed for a fault still drains what the peer sends, so that the GOAWAY is not lost
  /// to a TCP reset.
  public var lingerTimeout: Duration = .seconds(1)
  /// PINGs beyond keepalive: tolerated bursts, and what refills a second.
  public var pings = Rate(burst: 16, perSecond: 1)
  /// CANCELs: a client that gives up on everything at once twice over is fine; opening and cancelling in a loop is not.
  public var cancels = Rate(burst: 4096, perSecond: 1024)
  /// CREDIT and MESSAGE frames that carry nothing, and frames for streams that are over.
  public var idleFrames = Rate(burst: 65_536, perSecond: 16_384)

  /// Every receiver grants at least this much per stream, so that a client may begin to send before it has seen the
  /// server's SETTINGS.
  public static let minimumInitialCreditBytes = 256 * 1024
  /// Every receiver accepts at least this much in one frame, for the same reason.
  public static let minimumFrameBytes = 64 * 1024
  /// What a message costs in credit beside its body: the receiver's bookkeeping for it, so that empty messages are not
  /// free.
  public static let messageOverheadBytes = 64

  /// A token bucket.
  public struct Rate: Sendable, Hashable {
    public var burst: Int
    public var perSecond: Int

    public init(burst: Int, perSecond: Int) {
      self.burst = burst
      self.perSecond = perSecond
    }
  }

  public init() {}

  /// The limits of this page.
  public static let `default` = PlainLimits()

  /// The first setting that makes no sense, for configuration errors.
  public var problem: String? {
    if maxFrameBytes < Self.minimumFrameBytes { return "maxFrameBytes must be at least \(Self.minimumFrameBytes)" }
    if maxFrameBytes > Int(Int32.max) { return "maxFrameBytes must be below 2 GiB" }
    if !(256...Int(UInt16.max)).contains(maxHeadBytes) { return "maxHeadBytes must be 256 to 65535" }
    if maxConcurrentCalls < 1 { return "maxConcurrentCalls must be at least 1" }
    if initialCreditBytes < Self.minimumInitialCreditBytes {
      return "initialCreditBytes must be at least \(Self.minimumInitialCreditBytes)"
    }
    if maxRequestBytesInFlight < maxFrameBytes { return "maxRequestBytesInFlight must be at least maxFrameBytes" }
    if outboundHighWaterBytes < 1 { return "outboundHighWaterBytes must be at least 1" }
    if maxOutboundBytes < outboundHighWaterBytes { return "maxOutboundBytes must be at least outboundHighWaterBytes" }
    return nil
  }

  var frame: FrameLimits { FrameLimits(frameBytes: maxFrameBytes, headBytes: maxHeadBytes) }
}
