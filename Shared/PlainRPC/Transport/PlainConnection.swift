import Logging
import NIOCore
import SwiftProtobuf
import WireProtos

/// What both ends of a connection share: cutting frames, writing them in bursts, flow of reading against writing, keepalive
/// and every timeout. `ServerConnection` and `ClientConnection` add calls.
///
/// Everything but `LoopExecutor` and the documented exceptions is confined to the event loop.
///
/// Phases: handshake → open → closing → closed. `handshake` ends with the peer's SETTINGS. `closing` means a GOAWAY for a
/// fault is written: input is read and thrown away until the peer closes or the linger timeout passes.
class PlainConnection: ChannelDuplexHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Phase { case handshake, open, closing, closed }

  /// What the peer's SETTINGS said; the defaults of the page until then.
  struct Peer {
    var maxFrameBytes = PlainLimits.default.maxFrameBytes
    var maxConcurrentCalls = PlainLimits.default.maxConcurrentCalls
    var initialCreditBytes = PlainLimits.minimumInitialCreditBytes
    var agent = ""
  }

  let loop: any EventLoop
  let executor: LoopExecutor
  let limits: PlainLimits
  let agent: String
  let logger: Logger
  private(set) var context: ChannelHandlerContext?
  private(set) var phase = Phase.handshake
  private(set) var peer = Peer()
  /// Time of the burst that is being read, so that a burst reads the clock once.
  private(set) var now: NIODeadline

  private var decoder: FrameDecoder
  /// Frames of this tick, written to the channel in one piece.
  var outbound = ByteBuffer()
  private var reading = false
  private var flushIsScheduled = false
  private var readIsPaused = false
  private var readIsPending = false

  private let clock: ConnectionClock
  private var timer: Scheduled<Void>?
  private var pings: TokenBucket
  private var cancels: TokenBucket
  private var idleFrames: TokenBucket

  init(loop: any EventLoop, limits: PlainLimits, agent: String, logger: Logger) {
    self.loop = loop
    executor = LoopExecutor.of(loop)
    self.limits = limits
    self.agent = agent
    self.logger = logger
    let now = NIODeadline.now()
    self.now = now
    decoder = FrameDecoder(limits: limits.frame)
    clock = ConnectionClock(limits: limits, now: now)
    pings = TokenBucket(limits.pings, now: now)
    cancels = TokenBucket(limits.cancels, now: now)
    idleFrames = TokenBucket(limits.idleFrames, now: now)
  }

  // MARK: - What the two ends add

  /// Bytes before the first frame.
  /// - Returns: false until they have all come.
  func readPreface(_ decoder: inout FrameDecoder) throws(WireFault) -> Bool { true }
  /// Bytes to send before SETTINGS.
  func writePreface() {}
  /// OPEN, MESSAGE, END, CANCEL, CREDIT of an open connection.
  func receive(_ frame: Frame, _ type: FrameType) throws(WireFault) {}
  func receiveGoAway(_ head: Huirong_Plainrpc_V1_GoAwayHead) {}
  /// SETTINGS have come.
  func didOpen() {}
  /// The connection can or cannot take more output.
  func didChangeWritability(_ writable: Bool) {}
  /// No call can go on: nothing is read or written any more. `fault` is what this side found wrong, if anything. May
  /// come twice.
  func didClose(_ fault: WireFault?) {}
  /// The socket is closed. The last word.
  func didDisconnect() {}
  /// Moves frames that other threads have prepared into `outbound`.
  func collectOutbound() {}
  /// Highest stream of the peer that is or was served, for GOAWAY.
  var lastServedStream: UInt32 { 0 }
  func countBytes(received: Int, sent: Int) {}

  // MARK: - Life

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { activate() }
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    activate()
    context.fireChannelActive()
  }

  private var isActivated = false

  private func activate() {
    if isActivated { return }
    isActivated = true
    now = .now()
    clock.start(now)
    writePreface()
    var settings = Huirong_Plainrpc_V1_Settings()
    settings.maxFrameBytes = UInt32(limits.maxFrameBytes)
    settings.maxConcurrentCalls = UInt32(clamping: limits.maxConcurrentCalls)
    settings.initialCreditBytes = UInt32(clamping: limits.initialCreditBytes)
    settings.agent = agent
    write(.settings, head: settings)
    flush()
    scheduleTimer()
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    logger.debug("connection failed", metadata: ["error": "\(error)"])
    finish()
    context.close(mode: .all, promise: nil)
  }

  /// Ends the connection for this side, once.
  private func finish() {
    if phase == .closed { return }
    phase = .closed
    timer?.cancel()
    timer = nil
    outbound = ByteBuffer()
    decoder = FrameDecoder(limits: limits.frame)
    didClose(nil)
    didDisconnect()
  }

  /// Names the fault to the peer and closes.
  func fail(_ fault: WireFault) {
    if phase == .closing || phase == .closed { return }
    logger.info(
      "closing connection",
      metadata: ["reason": "\(fault.reason)", "detail": "\(fault.message)", "peer": "\(peer.agent)"])
    writeGoAway(fault.goAwayReason, message: fault.message)
    finishOutput(fault)
  }

  /// Writes what is pending, closes the sending half and lets the peer close the rest. Closing at once would lose
  /// what the peer has not read yet when it is still sending.
  func finishOutput(_ fault: WireFault? = nil) {
    if phase == .closing || phase == .closed { return }
    flush()
    if phase == .closed { return }
    phase = .closing
    didClose(fault)
    timer?.cancel()
    context?.close(mode: .output, promise: nil)
    readIsPaused = false
    if readIsPending {
      readIsPending = false
      context?.read()
    }
    timer = loop.scheduleTask(in: TimeAmount(limits.lingerTimeout)) { self.closeNow() }
  }

  /// Closes without a word; for a peer that does not read or is gone.
  func closeNow() {
    context?.close(mode: .all, promise: nil)
    finish()
  }

  // MARK: - Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if phase == .closing || phase == .closed { return }
    reading = true
    now = .now()
    clock.didReceive(now)
    countBytes(received: bytes.readableBytes, sent: 0)
    decoder.append(bytes)
    do {
      try parse()
    } catch {
      fail(error)
    }
  }

  private var prefaceIsRead = false

  private func parse() throws(WireFault) {
    if !prefaceIsRead {
      prefaceIsRead = try readPreface(&decoder)
      if !prefaceIsRead { return }
    }
    while phase == .handshake || phase == .open, let frame = try decoder.next() {
      clock.didCompleteFrame()
      try dispatch(frame)
    }
    decoder.releaseWhenEmpty()
    clock.isMidFrame(decoder.isMidFrame, now: now)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    reading = false
    executor.drain()
    flush()
    context.fireChannelReadComplete()
  }

  private func dispatch(_ frame: Frame) throws(WireFault) {
    guard let type = FrameType(rawValue: frame.header.type) else {
      if frame.header.flags.contains(.optional) { return try countIdleFrame("unknown") }
      throw WireFault(.protocolError, "unknown frame type \(frame.header.type)")
    }
    if phase == .handshake {
      switch type {
      case .settings: return try receiveSettings(frame)
      case .goAway: break
      default: throw WireFault(.protocolError, "\(type) before SETTINGS")
      }
    }
    switch type {
    case .settings: throw WireFault(.protocolError, "SETTINGS may be sent once")
    case .ping: try receivePing(frame)
    case .pong: try checkConnectionFrame(frame)
    case .goAway:
      try checkConnectionFrame(frame)
      receiveGoAway(try Self.decode(frame.head))
    case .open, .message, .end, .cancel, .credit:
      guard frame.header.stream != 0 else { throw WireFault(.protocolError, "\(type) on stream 0") }
      try receive(frame, type)
    }
  }

  private func checkConnectionFrame(_ frame: Frame) throws(WireFault) {
    guard frame.header.stream == 0 else {
      throw WireFault(.protocolError, "frame type \(frame.header.type) belongs on stream 0")
    }
  }

  private func receiveSettings(_ frame: Frame) throws(WireFault) {
    try checkConnectionFrame(frame)
    let settings: Huirong_Plainrpc_V1_Settings = try Self.decode(frame.head)
    guard Int(settings.maxFrameBytes) >= PlainLimits.minimumFrameBytes else {
      throw WireFault(.protocolError, "max_frame_bytes must be at least \(PlainLimits.minimumFrameBytes)")
    }
    guard Int(settings.initialCreditBytes) >= PlainLimits.minimumInitialCreditBytes else {
      throw WireFault(
        .protocolError, "initial_credit_bytes must be at least \(PlainLimits.minimumInitialCreditBytes)")
    }
    guard settings.maxConcurrentCalls > 0 else {
      throw WireFault(.protocolError, "max_concurrent_calls must be at least 1")
    }
    peer = Peer(
      maxFrameBytes: Int(settings.maxFrameBytes), maxConcurrentCalls: Int(settings.maxConcurrentCalls),
      initialCreditBytes: Int(settings.initialCreditBytes),
      agent: String(settings.agent.prefix(Self.maximumAgentLength)))
    phase = .open
    clock.didOpen()
    didOpen()
  }

  /// Characters of the peer's name that are kept for logs.
  private static let maximumAgentLength = 64
  /// A PING carries this many bytes, which the PONG returns.
  static let pingBytes = 8

  private func receivePing(_ frame: Frame) throws(WireFault) {
    try checkConnectionFrame(frame)
    guard frame.body.readableBytes == Self.pingBytes else {
      throw WireFault(.protocolError, "PING carries \(Self.pingBytes) bytes")
    }
    guard pings.take(now: now) else { throw WireFault(.enhanceYourCalm, "too many PINGs") }
    FrameHeader(.pong, bodyLength: Self.pingBytes).write(to: &outbound)
    outbound.writeImmutableBuffer(frame.body)
    scheduleFlush()
  }

  func countCancel() throws(WireFault) {
    guard cancels.take(now: now) else { throw WireFault(.enhanceYourCalm, "too many CANCELs") }
  }

  func countIdleFrame(_ what: String) throws(WireFault) {
    guard idleFrames.take(now: now) else { throw WireFault(.enhanceYourCalm, "too many \(what) frames") }
  }

  static func decode<Head: SwiftProtobuf.Message>(_ head: ByteBuffer) throws(WireFault) -> Head {
    do {
      return try Head(serializedBytes: head.readableBytesSpan)
    } catch {
      throw WireFault(.protocolError, "malformed \(Head.protoMessageName)")
    }
  }

  // MARK: - Reading against writing

  func read(context: ChannelHandlerContext) {
    if readIsPaused { readIsPending = true } else { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let writable = context.channel.isWritable
    clock.didChangeWritability(writable, now: .now())
    if phase != .closing && phase != .closed {
      readIsPaused = !writable
      didChangeWritability(writable)
      if writable && readIsPending {
        readIsPending = false
        context.read()
      }
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: - Writing

  func write(_ type: FrameType, stream: UInt32 = 0, head: some SwiftProtobuf.Message) {
    // A head of ours always encodes: proto3 has no required fields and the size is far below 2 GiB.
    let bytes: [UInt8] = (try? head.serializedBytes()) ?? []
    FrameHeader(type, stream: stream, headLength: bytes.count).write(to: &outbound)
    outbound.writeBytes(bytes)
  }

  func writeGoAway(_ reason: Huirong_Plainrpc_V1_GoAwayReason, message: String) {
    var head = Huirong_Plainrpc_V1_GoAwayHead()
    head.reason = reason
    head.lastStream = lastServedStream
    head.message = message
    write(.goAway, head: head)
  }

  func writeCredit(_ bytes: Int, stream: UInt32) {
    var head = Huirong_Plainrpc_V1_CreditHead()
    head.bytes = UInt32(clamping: bytes)
    write(.credit, stream: stream, head: head)
    scheduleFlush()
  }

  /// Has `outbound` written at the end of this tick.
  func scheduleFlush() {
    if reading || flushIsScheduled { return }
    flushIsScheduled = true
    if !executor.flushAfterDrain(self) { loop.execute { self.flushScheduled() } }
  }

  func flushScheduled() {
    flushIsScheduled = false
    flush()
  }

  private func flush() {
    guard phase != .closed, let context else { return }
    collectOutbound()
    let count = outbound.readableBytes
    if count == 0 { return }
    countBytes(received: 0, sent: count)
    context.writeAndFlush(wrapOutboundOut(outbound), promise: nil)
    // Keeps the storage when the socket took everything at once.
    outbound.clear()
    if !context.channel.isWritable { checkOutboundLimit(context) }
  }

  private func checkOutboundLimit(_ context: ChannelHandlerContext) {
    guard let waiting = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes) else { return }
    if waiting > limits.maxOutboundBytes {
      logger.info("peer does not read", metadata: ["waitingBytes": "\(waiting)", "peer": "\(peer.agent)"])
      closeNow()
    }
  }

  // MARK: - Time

  private func scheduleTimer() {
    timer = loop.scheduleTask(in: clock.tick) { self.tick() }
  }

  private func tick() {
    if phase == .closing || phase == .closed { return }
    let now = NIODeadline.now()
    clock.didTick(now)
    switch clock.check(now: now, readIsPaused: readIsPaused) {
    case .nothing: break
    case .ping:
      FrameHeader(.ping, bodyLength: Self.pingBytes).write(to: &outbound)
      outbound.writeInteger(UInt64(0))
      scheduleFlush()
    case .fault(let message): return fail(WireFault(.timeout, message))
    case .dead(let message):
      logger.info("connection is dead", metadata: ["detail": "\(message)", "peer": "\(peer.agent)"])
      return closeNow()
    }
    scheduleTimer()
  }
}
