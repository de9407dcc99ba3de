import GRPCCore
import Logging
import NIOCore
import Synchronization
import WireProtos

/// The server's end of a connection: reads OPEN, runs handlers, writes END.
final class ServerConnection: PlainConnection, @unchecked Sendable {
  /// What a handler's thread asks the loop to write.
  enum Outgoing: Sendable {
    case metadata(ServerCall, Metadata)
    case message(ServerCall, [UInt8])
    case end(ServerCall, CallOutcome)
    case credit(ServerCall, Int)
  }

  static let preface: [UInt8] = [
    UInt8(ascii: "H"), UInt8(ascii: "R"), UInt8(ascii: "P"), UInt8(ascii: "C"), 1, 0, 0, 0,
  ]
  static let magicLength = 4

  private let methods: MethodTable
  private let placement: PlainServerConfiguration.HandlerPlacement
  private let observer: (any PlainServerObserver)?
  private let onClose: @Sendable (ServerConnection) -> Void
  private let contextPrototype: (remote: String, local: String)

  private var calls = StreamTable<ServerCall>()
  private var lastStream: UInt32 = 0
  /// Handlers that have not returned.
  private var running = 0
  private var requestBytes = 0
  private let streamBytes = MessageInbox.Total()
  private var deadlines: DeadlineTimer
  private var drainedAtStream: UInt32?
  private let remote = Mutex<[Outgoing]>([])
  /// The largest frame the client accepts; set before any call starts and read by handlers of any thread.
  private let peerFrameBytes = Atomic<Int>(PlainLimits.default.maxFrameBytes)

  init(
    loop: any EventLoop, configuration: PlainServerConfiguration, methods: MethodTable, logger: Logger,
    observer: (any PlainServerObserver)?, remotePeer: String, localPeer: String,
    onClose: @escaping @Sendable (ServerConnection) -> Void
  ) {
    self.methods = methods
    self.observer = observer
    self.onClose = onClose
    placement = configuration.handlers
    contextPrototype = (remotePeer, localPeer)
    deadlines = DeadlineTimer(loop: loop)
    super.init(loop: loop, limits: configuration.limits, agent: configuration.agent, logger: logger)
    observer?.connectionOpened()
  }

  // MARK: - Opening

  override func readPreface(_ decoder: inout FrameDecoder) throws(WireFault) -> Bool {
    guard let bytes = decoder.takePreface(Self.preface.count) else { return false }
    guard bytes[..<Self.magicLength] == Self.preface[..<Self.magicLength] else {
      throw WireFault(.protocolError, "the preface does not begin with HRPC")
    }
    guard bytes[Self.magicLength] == Self.preface[Self.magicLength] else {
      throw WireFault(.version, "version \(bytes[Self.magicLength]) is not spoken here; 1 is")
    }
    guard bytes == Self.preface else { throw WireFault(.protocolError, "the preface's last three bytes must be 0") }
    return true
  }

  override func didOpen() { peerFrameBytes.store(peer.maxFrameBytes, ordering: .relaxed) }

  override var lastServedStream: UInt32 { drainedAtStream ?? lastStream }

  override func countBytes(received: Int, sent: Int) { observer?.bytesTransferred(received: received, sent: sent) }

  // MARK: - Frames

  override func receive(_ frame: Frame, _ type: FrameType) throws(WireFault) {
    switch type {
    case .open: try receiveOpen(frame)
    case .message: try receiveMessage(frame)
    case .cancel: try receiveCancel(frame)
    case .credit: try receiveCredit(frame)
    default: throw WireFault(.protocolError, "a client does not send \(type)")
    }
  }

  private func receiveOpen(_ frame: Frame) throws(WireFault) {
    let stream = frame.header.stream
    guard stream > lastStream else {
      throw WireFault(.protocolError, "stream \(stream) is not above the last one, \(lastStream)")
    }
    lastStream = stream
    // The client was told that these are not served and may safely send them elsewhere.
    if drainedAtStream != nil { return }
    let head: CallHead
    var method: PlainMethod?
    do {
      head = try frame.head.withUnsafeReadableBytes { bytes throws(ProtobufReader.Malformed) in
        let head = try CallHead(bytes)
        method = methods.find(UnsafeRawBufferPointer(rebasing: bytes[head.method]))
        return head
      }
    } catch {
      throw WireFault(.protocolError, "malformed huirong.plainrpc.v1.CallHead")
    }
    guard let method else { return refuse(stream, unknownMethod(frame, head)) }
    if let problem = admissionProblem(frame, head, method) { return refuse(stream, problem) }
    start(method, frame, head)
  }

  private func unknownMethod(_ frame: Frame, _ head: CallHead) -> RPCError {
    let name = frame.head.withUnsafeReadableBytes { String(decoding: $0[head.method].prefix(128), as: UTF8.self) }
    return RPCError(code: .unimplemented, message: "no method \(name)")
  }

  private func admissionProblem(_ frame: Frame, _ head: CallHead, _ method: PlainMethod) -> RPCError? {
    if let refusal = head.refusal { return RPCError(code: .invalidArgument, message: refusal.message) }
    let bytes = frame.body.readableBytes
    if running >= limits.maxConcurrentCalls {
      return RPCError(code: .resourceExhausted, message: "\(limits.maxConcurrentCalls) calls run on this connection")
    }
    if requestBytes + streamBytes.value + bytes > limits.maxRequestBytesInFlight {
      return RPCError(
        code: .resourceExhausted,
        message: "\(limits.maxRequestBytesInFlight) bytes of requests are in flight on this connection")
    }
    let hasMessage = frame.header.flags.contains(.message)
    if !hasMessage && bytes > 0 {
      return RPCError(code: .invalidArgument, message: "a body without the MESSAGE flag")
    }
    let single = !method.descriptor.kind.clientStreams
    if single && !(hasMessage && frame.header.flags.contains(.halfClose)) {
      return RPCError(
        code: .invalidArgument, message: "\(method.descriptor.fullName) takes exactly one message, on OPEN")
    }
    return nil
  }

  private func start(_ method: PlainMethod, _ frame: Frame, _ head: CallHead) {
    let stream = frame.header.stream
    var deadline: NIODeadline?
    var expiry: ContinuousClock.Instant?
    var context = ServerContext(
      descriptor: method.descriptor.grpc, remotePeer: contextPrototype.remote, localPeer: contextPrototype.local,
      cancellation: ServerContext.RPCCancellationHandle())
    if head.timeoutMicroseconds > 0 {
      let timeout = Int64(clamping: min(head.timeoutMicroseconds, Self.longestTimeoutMicroseconds))
      deadline = now + .microseconds(timeout)
      expiry = .now + .microseconds(timeout)
    }
    let call = ServerCall(
      connection: self, stream: stream, descriptor: method.descriptor, cancellation: context.cancellation,
      startedAt: now, deadline: deadline, expiry: expiry,
      requestBytes: method.descriptor.kind == .unary ? frame.body.readableBytes : 0,
      streaming: method.descriptor.kind == .unary ? nil : makeStream(stream, frame))
    context.transportSpecific = call
    running += 1
    requestBytes += call.requestBytes
    observer?.callStarted(method.descriptor)
    method.handler.start(call, CallOpening(frame: frame, metadata: head.metadata, context: context))
    if let deadline, call.isOpen { watch(deadline) }
  }

  /// A century: beyond it a timeout is none, and no arithmetic overflows.
  private static let longestTimeoutMicroseconds: UInt64 = 100 * 366 * 86_400 * 1_000_000

  // MARK: - Streams

  private func makeStream(_ stream: UInt32, _ frame: Frame) -> ServerStream {
    let inbox = MessageInbox(window: limits.initialCreditBytes, total: streamBytes) { [weak self] bytes in
      self?.grant(bytes, stream: stream)
    }
    let streaming = ServerStream(
      inbox: inbox, gate: CreditGate(credit: peer.initialCreditBytes), receivableBytes: limits.initialCreditBytes)
    if let context { streaming.gate.setWritable(context.channel.isWritable) }
    if frame.header.flags.contains(.message) {
      streaming.receivableBytes -= MessageInbox.cost(frame.body.readableBytes)
      inbox.push(frame.body)
    }
    if frame.header.flags.contains(.halfClose) {
      streaming.inputEnded = true
      inbox.finish()
    }
    return streaming
  }

  private func receiveMessage(_ frame: Frame) throws(WireFault) {
    let stream = frame.header.stream
    guard stream <= lastStream else {
      throw WireFault(.protocolError, "MESSAGE on stream \(stream), which is not open")
    }
    guard let call = calls[stream] else { return try countIdleFrame("late MESSAGE") }
    guard let streaming = call.streaming, !streaming.inputEnded else {
      return end(call, RPCError(code: .invalidArgument, message: "a message after half-close"))
    }
    let flags = frame.header.flags
    let bytes = frame.body.readableBytes
    if flags.contains(.message) {
      guard streaming.receivableBytes > 0 else {
        return end(call, RPCError(code: .resourceExhausted, message: "sent beyond the stream's credit"))
      }
      guard requestBytes + streamBytes.value + bytes <= limits.maxRequestBytesInFlight else {
        return end(
          call,
          RPCError(
            code: .resourceExhausted,
            message: "\(limits.maxRequestBytesInFlight) bytes of requests are in flight on this connection"))
      }
      streaming.receivableBytes -= MessageInbox.cost(bytes)
      streaming.inbox.push(frame.body)
    } else if bytes > 0 {
      return end(call, RPCError(code: .invalidArgument, message: "a body without the MESSAGE flag"))
    } else if !flags.contains(.halfClose) {
      try countIdleFrame("empty MESSAGE")
    }
    if flags.contains(.halfClose) {
      streaming.inputEnded = true
      streaming.inbox.finish()
    }
  }

  private func receiveCredit(_ frame: Frame) throws(WireFault) {
    let head: Huirong_Plainrpc_V1_CreditHead = try Self.decode(frame.head)
    guard head.bytes > 0 else { throw WireFault(.protocolError, "CREDIT of 0 bytes") }
    try countIdleFrame("CREDIT")
    guard let gate = calls[frame.header.stream]?.streaming?.gate else { return }
    guard gate.grant(Int(head.bytes)) else { throw WireFault(.protocolError, "credit exceeds 2^31 - 1") }
  }

  private func receiveCancel(_ frame: Frame) throws(WireFault) {
    try countCancel()
    guard let call = calls[frame.header.stream] else { return }
    close(call, code: .cancelled)
    call.stop(RPCError(code: .cancelled, message: "the client cancelled the call"))
  }

  // MARK: - Running and ending

  /// Starts a handler. One that returns without suspending has ended its call when this returns.
  func run(_ call: ServerCall, _ operation: @escaping @Sendable () async -> Void) {
    // A stream is found by its frames at once; a unary call only once something may have to be told to it.
    if call.streaming != nil { calls.insert(call, id: call.stream) }
    let task =
      switch placement {
      case .eventLoop: Task.immediate(executorPreference: executor, operation: operation)
      case .concurrentPool: Task(operation: operation)
      }
    if call.isOpen {
      call.task = task
      if call.streaming == nil { calls.insert(call, id: call.stream) }
    }
  }

  /// Called once by every handler, on any thread.
  func complete(_ call: ServerCall, _ outcome: CallOutcome) { send(.end(call, outcome)) }

  /// Answers a call whose handler was not started.
  func refuse(_ call: ServerCall, _ error: RPCError) { perform(.end(call, CallOutcome(error))) }

  private func refuse(_ stream: UInt32, _ error: RPCError) {
    writeEnd(stream, CallOutcome(error))
    scheduleFlush()
  }

  /// Any thread. Frames of one stream keep the order in which they were sent.
  func send(_ outgoing: Outgoing) {
    if loop.inEventLoop {
      performRemote()
      perform(outgoing)
    } else {
      let wasEmpty = remote.withLock { queue in
        queue.append(outgoing)
        return queue.count == 1
      }
      if wasEmpty {
        loop.execute {
          self.performRemote()
          self.scheduleFlush()
        }
      }
    }
  }

  override func collectOutbound() { performRemote() }

  private func performRemote() {
    let queue = remote.withLock { queue -> [Outgoing] in
      if queue.isEmpty { return [] }
      defer { queue.removeAll(keepingCapacity: true) }
      return queue
    }
    for outgoing in queue { perform(outgoing) }
  }

  private func perform(_ outgoing: Outgoing) {
    switch outgoing {
    case .end(let call, let outcome): finish(call, outcome)
    case .metadata(let call, let metadata):
      guard call.isOpen else { return }
      writeMetadata(metadata, stream: call.stream)
    case .message(let call, let bytes):
      guard call.isOpen else { return }
      FrameHeader(.message, flags: .message, stream: call.stream, bodyLength: bytes.count).write(to: &outbound)
      outbound.writeBytes(bytes)
    case .credit(let call, let bytes):
      guard call.isOpen, let streaming = call.streaming, !streaming.inputEnded else { return }
      streaming.receivableBytes += bytes
      writeCredit(bytes, stream: call.stream)
    }
    scheduleFlush()
  }

  private func grant(_ bytes: Int, stream: UInt32) {
    if loop.inEventLoop {
      if let call = calls[stream] { perform(.credit(call, bytes)) }
    } else {
      loop.execute { if let call = self.calls[stream] { self.perform(.credit(call, bytes)) } }
    }
  }

  private func finish(_ call: ServerCall, _ outcome: CallOutcome) {
    running -= 1
    if let hidden = outcome.hidden {
      logger.error(
        "handler failed", metadata: ["method": "\(call.descriptor.fullName)", "error": "\(hidden)"])
    }
    if call.isOpen {
      writeEnd(call.stream, outcome)
      close(call, code: RPCError.Code(ending: outcome.head.code))
    }
    drainProgressed()
  }

  /// Ends a call from this side while its handler runs.
  private func end(_ call: ServerCall, _ error: RPCError) {
    writeEnd(call.stream, CallOutcome(error))
    close(call, code: error.code)
    call.stop(error)
    scheduleFlush()
  }

  private func close(_ call: ServerCall, code: RPCError.Code?) {
    call.isOpen = false
    calls.remove(call.stream)
    requestBytes -= call.requestBytes
    call.streaming?.close(RPCError(code: code ?? .cancelled, message: "the call has ended"))
    observer?.callFinished(
      call.descriptor, code: code, duration: .nanoseconds((NIODeadline.now() - call.startedAt).nanoseconds))
  }

  private func writeMetadata(_ metadata: Metadata, stream: UInt32) {
    let size = MetadataCodec.size(metadata)
    guard size <= limits.maxHeadBytes, metadata.count <= MetadataCodec.maximumEntries else {
      logger.error("initial metadata exceeds the limit of a head", metadata: ["bytes": "\(size)"])
      return
    }
    FrameHeader(.message, stream: stream, headLength: size).write(to: &outbound)
    MessageHead.write(metadata, to: &outbound)
  }

  private func writeEnd(_ stream: UInt32, _ outcome: CallOutcome) {
    var head = outcome.head
    var message = outcome.message
    if let bytes = message?.count, bytes + FrameHeader.minimumLength + head.size > peer.maxFrameBytes {
      head = EndHead(
        code: .resourceExhausted, message: "the response of \(bytes) bytes exceeds the client's \(peer.maxFrameBytes)")
      message = nil
    }
    if head.size > limits.maxHeadBytes || head.metadata.count > MetadataCodec.maximumEntries {
      logger.error("status exceeds the limit of a head", metadata: ["bytes": "\(head.size)", "code": "\(head.code)"])
      head = EndHead(
        code: RPCError.Code(ending: head.code) ?? .internalError,
        message: "the status with its details exceeds the limit of a head")
      message = nil
    }
    FrameHeader(
      .end, flags: message == nil ? [] : .message, stream: stream, headLength: head.size,
      bodyLength: message?.count ?? 0
    ).write(to: &outbound)
    head.write(to: &outbound)
    if let message { outbound.writeBytes(message) }
  }

  /// Any thread: a message that the client would refuse fails the call before it is sent.
  func checkMessageSize(_ bytes: Int) throws(RPCError) {
    let largest = peerFrameBytes.load(ordering: .relaxed) - FrameHeader.minimumLength
    if bytes > largest {
      throw RPCError(
        code: .resourceExhausted, message: "the message of \(bytes) bytes exceeds the client's \(largest)")
    }
  }

  // MARK: - Deadlines, writability, the end

  private func watch(_ deadline: NIODeadline) {
    if deadlines.covers(deadline) { return }
    deadlines.set(deadline) { [weak self] in self?.expire() }
  }

  private func expire() {
    deadlines.didFire()
    let now = NIODeadline.now()
    var next: NIODeadline?
    for call in calls.all {
      guard let deadline = call.deadline else { continue }
      if deadline <= now {
        end(call, RPCError(code: .deadlineExceeded, message: "the deadline has passed"))
      } else {
        next = min(next ?? deadline, deadline)
      }
    }
    if let next { watch(next) }
    drainProgressed()
  }

  override func didChangeWritability(_ writable: Bool) {
    for call in calls.all { call.streaming?.gate.setWritable(writable) }
  }

  override func didClose(_ fault: WireFault?) {
    deadlines.cancel()
    let open = calls.all
    for call in open {
      close(call, code: .cancelled)
      call.stop(RPCError(code: .cancelled, message: "the connection has closed"))
    }
    if let fault { observer?.connectionFailed(reason: "\(fault.reason)") }
  }

  override func didDisconnect() {
    observer?.connectionClosed()
    onClose(self)
  }

  // MARK: - Draining

  /// Serves what has been opened, refuses what comes later, and closes when all is done.
  func drain() {
    guard drainedAtStream == nil, phase == .open || phase == .handshake else { return }
    drainedAtStream = lastStream
    writeGoAway(.drain, message: "the server is shutting down")
    scheduleFlush()
    drainProgressed()
  }

  /// Ends the streams that would answer for ever.
  func endEndlessStreams() {
    for call in calls.all where call.descriptor.kind.serverStreams { end(call, .shuttingDown) }
    drainProgressed()
  }

  /// Ends every call.
  func terminate() {
    for call in calls.all { end(call, .shuttingDown) }
    finishOutput()
  }

  private func drainProgressed() {
    if drainedAtStream != nil && calls.isEmpty { finishOutput() }
  }
}

extension RPCError {
  static let shuttingDown = RPCError(code: .unavailable, message: "the server is shutting down")
}

extension RPCError.Code {
  /// `nil` for 0, which is OK.
  init?(ending code: UInt32) {
    if code == 0 { return nil }
    self = Status.Code(rawValue: Int(code)).flatMap { RPCError.Code($0) } ?? .unknown
  }
}
