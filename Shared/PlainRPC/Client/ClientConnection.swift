import GRPCCore
import Logging
import NIOCore
import Synchronization
import WireProtos

/// The client's end of a connection.
///
/// Callers of any thread encode their frames straight into `submission` under a short lock and wake the loop once for
/// all that comes until it looks; the loop then registers the calls and writes everything in one piece.
final class ClientConnection: PlainConnection, @unchecked Sendable {
  /// What a call says in OPEN.
  struct Opening: Sendable {
    var methodField: [UInt8]
    var metadata: Metadata
    var message: [UInt8]?
    var halfClose: Bool

    var flags: FrameFlags {
      var flags: FrameFlags = []
      if message != nil { flags.insert(.message) }
      if halfClose { flags.insert(.halfClose) }
      return flags
    }
  }

  private struct Queued {
    let call: ClientCall
    let opening: Opening
  }

  private struct Submission {
    var frames = ByteBuffer()
    var opened: [ClientCall] = []
    var overflow: [Queued] = []
    var cancelled: [ClientCall] = []
    var nextStream: UInt32 = 1
    /// Calls sent and not done.
    var openCalls = 0
    /// Calls in `overflow` and `waiting`.
    var queuedCalls = 0
    var maxConcurrentCalls = PlainLimits.default.maxConcurrentCalls
    var maxFrameBytes = PlainLimits.default.maxFrameBytes
    var isAccepting = true
    var isWoken = false
  }

  enum SubmitResult {
    case accepted
    /// The connection takes no more calls.
    case closed
    case refused(PlainStatus)
  }

  /// Streams are numbered in 32 bits; a connection that has used half of them is replaced.
  private static let lastUsableStream = UInt32(Int32.max)

  let streamBytes = MessageInbox.Total()
  private let maxQueuedCalls: Int
  private let onClose: @Sendable (ClientConnection) -> Void
  private let onDrain: @Sendable (ClientConnection) -> Void
  private let submission = Mutex(Submission())

  // Confined to the loop.
  private var calls = StreamTable<ClientCall>()
  private var waiting = CircularBuffer<Queued>()
  /// Calls that ended since the submission was last looked at.
  private var released = 0
  private var deadlines: DeadlineTimer
  private var isDraining = false
  /// Why the server closes, when it is for a fault: what the calls that are lost by it are told.
  private var serverFault: String?
  private var openedScratch: [ClientCall] = []
  private var cancelledScratch: [ClientCall] = []
  private(set) var hasOpened = false

  init(
    loop: any EventLoop, configuration: PlainClientConfiguration, logger: Logger,
    onDrain: @escaping @Sendable (ClientConnection) -> Void, onClose: @escaping @Sendable (ClientConnection) -> Void
  ) {
    maxQueuedCalls = configuration.maxQueuedCalls
    self.onDrain = onDrain
    self.onClose = onClose
    deadlines = DeadlineTimer(loop: loop)
    super.init(loop: loop, limits: configuration.limits, agent: configuration.agent, logger: logger)
  }

  // MARK: - Submitting, from any thread

  func submit(_ call: ClientCall, _ opening: Opening) -> SubmitResult {
    let (result, mustWake) = submission.withLock { submission -> (SubmitResult, Bool) in
      guard submission.isAccepting, submission.nextStream < Self.lastUsableStream else { return (.closed, false) }
      if let refusal = refusal(opening, submission) { return (.refused(refusal), false) }
      call.connection = self
      if submission.openCalls < submission.maxConcurrentCalls && submission.queuedCalls == 0 {
        Self.open(call, opening, &submission, now: call.deadline == nil ? .distantPast : .now())
      } else {
        submission.overflow.append(Queued(call: call, opening: opening))
        submission.queuedCalls += 1
      }
      return (.accepted, Self.wake(&submission))
    }
    if mustWake { wakeLoop() }
    return result
  }

  private func refusal(_ opening: Opening, _ submission: borrowing Submission) -> PlainStatus? {
    let bytes = opening.message?.count ?? 0
    let headBytes = opening.methodField.count + MetadataCodec.size(opening.metadata) + Self.timeoutFieldBytes
    if headBytes > limits.maxHeadBytes || opening.metadata.count > MetadataCodec.maximumEntries {
      return PlainStatus(code: .resourceExhausted, message: "the metadata exceeds the limit of a head")
    }
    if bytes + headBytes + FrameHeader.minimumLength > submission.maxFrameBytes {
      return PlainStatus(
        code: .resourceExhausted,
        message: "the request of \(bytes) bytes exceeds the server's \(submission.maxFrameBytes)")
    }
    if submission.queuedCalls >= maxQueuedCalls {
      return PlainStatus(code: .resourceExhausted, message: "\(maxQueuedCalls) calls wait for the server already")
    }
    if submission.frames.readableBytes + bytes > limits.maxOutboundBytes {
      return PlainStatus(code: .resourceExhausted, message: "\(limits.maxOutboundBytes) bytes wait to be written")
    }
    return nil
  }

  /// Tag and ten bytes of varint at most.
  private static let timeoutFieldBytes = 11

  private static func open(
    _ call: ClientCall, _ opening: Opening, _ submission: inout Submission, now: NIODeadline
  ) {
    call.stream = submission.nextStream
    submission.nextStream += 1
    submission.openCalls += 1
    submission.opened.append(call)
    // A deadline that has just passed is sent as the shortest there is: 0 would mean none.
    let timeout = call.deadline.map { UInt64(max(1, ($0 - now).nanoseconds / 1000)) } ?? 0
    let headLength = CallHead.size(
      methodField: opening.methodField, timeoutMicroseconds: timeout, metadata: opening.metadata)
    FrameHeader(
      .open, flags: opening.flags, stream: call.stream, headLength: headLength, bodyLength: opening.message?.count ?? 0
    ).write(to: &submission.frames)
    CallHead.write(
      methodField: opening.methodField, timeoutMicroseconds: timeout, metadata: opening.metadata,
      to: &submission.frames)
    if let message = opening.message { submission.frames.writeBytes(message) }
  }

  /// - Returns: whether the loop has to be woken.
  private static func wake(_ submission: inout Submission) -> Bool {
    defer { submission.isWoken = true }
    return !submission.isWoken
  }

  private func wakeLoop() {
    if loop.inEventLoop { scheduleFlush() } else { loop.execute { self.scheduleFlush() } }
  }

  func cancel(_ call: ClientCall) {
    let mustWake = submission.withLock { submission in
      submission.cancelled.append(call)
      return Self.wake(&submission)
    }
    if mustWake { wakeLoop() }
  }

  func sendMessage(_ bytes: [UInt8], on call: ClientCall) {
    let mustWake = submission.withLock { submission in
      FrameHeader(.message, flags: .message, stream: call.stream, bodyLength: bytes.count).write(to: &submission.frames)
      submission.frames.writeBytes(bytes)
      return Self.wake(&submission)
    }
    if mustWake { wakeLoop() }
  }

  func sendHalfClose(on call: ClientCall) {
    let mustWake = submission.withLock { submission in
      FrameHeader(.message, flags: .halfClose, stream: call.stream).write(to: &submission.frames)
      return Self.wake(&submission)
    }
    if mustWake { wakeLoop() }
  }

  func checkMessageSize(_ bytes: Int) throws(PlainStatus) {
    let largest = submission.withLock(\.maxFrameBytes) - FrameHeader.minimumLength
    if bytes > largest {
      throw PlainStatus(
        code: .resourceExhausted, message: "the message of \(bytes) bytes exceeds the server's \(largest)")
    }
  }

  func grant(_ bytes: Int, to call: StreamClientCall) {
    if loop.inEventLoop {
      performGrant(bytes, call)
    } else {
      loop.execute { self.performGrant(bytes, call) }
    }
  }

  private func performGrant(_ bytes: Int, _ call: StreamClientCall) {
    if call.isDone || phase == .closed { return }
    call.didGrant(bytes)
    writeCredit(bytes, stream: call.stream)
  }

  // MARK: - Collecting, on the loop

  override func collectOutbound() {
    guard phase == .handshake || phase == .open else { return }
    submission.withLock { submission in
      submission.isWoken = false
      submission.openCalls -= released
      released = 0
      if submission.queuedCalls > 0 { openQueued(&submission) }
      if submission.frames.readableBytes > 0 { take(&submission.frames) }
      // Swapped, not copied, so that neither side allocates anew each time.
      swap(&submission.opened, &openedScratch)
      swap(&submission.cancelled, &cancelledScratch)
    }
    for call in openedScratch { register(call) }
    for call in cancelledScratch { performCancel(call) }
    openedScratch.removeAll(keepingCapacity: true)
    cancelledScratch.removeAll(keepingCapacity: true)
  }

  private func take(_ frames: inout ByteBuffer) {
    if outbound.readableBytes == 0 {
      swap(&outbound, &frames)
      frames.clear()
    } else {
      outbound.writeBuffer(&frames)
      frames.clear()
    }
  }

  private func openQueued(_ submission: inout Submission) {
    for queued in submission.overflow {
      waiting.append(queued)
      if let deadline = queued.call.deadline { watch(deadline) }
    }
    submission.overflow.removeAll()
    while submission.openCalls < submission.maxConcurrentCalls, let queued = waiting.popFirst() {
      submission.queuedCalls -= 1
      if !queued.call.isDone { Self.open(queued.call, queued.opening, &submission, now: .now()) }
    }
  }

  private func register(_ call: ClientCall) {
    calls.insert(call, id: call.stream)
    call.didOpen(credit: peer.initialCreditBytes)
    if let context, !context.channel.isWritable { call.setWritable(false) }
    if let deadline = call.deadline { watch(deadline) }
  }

  private func performCancel(_ call: ClientCall) {
    if call.isDone { return }
    abandon(call, CallFailure(.cancelled, "the caller was cancelled"))
  }

  /// Ends a call from this side and tells the server.
  private func abandon(_ call: ClientCall, _ failure: CallFailure) {
    if call.stream != 0, calls[call.stream] != nil {
      FrameHeader(.cancel, stream: call.stream).write(to: &outbound)
      scheduleFlush()
    }
    finish(call, .failure(failure), message: nil)
  }

  private func finish(_ call: ClientCall, _ result: Result<EndHead, CallFailure>, message: ByteBuffer?) {
    if call.isDone { return }
    call.isDone = true
    if calls.remove(call.stream) != nil { released += 1 }
    call.end(result, message: message)
    if released > 0 && !waiting.isEmpty { scheduleFlush() }
    if isDraining && calls.isEmpty { closeWhenDrained() }
  }

  private func closeWhenDrained() {
    // Not from within the loop over frames that got us here.
    loop.execute { if self.calls.isEmpty { self.finishOutput() } }
  }

  // MARK: - Frames

  override func writePreface() { outbound.writeBytes(ServerConnection.preface) }

  override func didOpen() {
    hasOpened = true
    submission.withLock { submission in
      submission.maxConcurrentCalls = peer.maxConcurrentCalls
      submission.maxFrameBytes = peer.maxFrameBytes
    }
  }

  override func receive(_ frame: Frame, _ type: FrameType) throws(WireFault) {
    let stream = frame.header.stream
    guard let call = calls[stream] else {
      guard stream < submission.withLock(\.nextStream) else {
        throw WireFault(.protocolError, "\(type) on stream \(stream), which was not opened")
      }
      return try countIdleFrame("late")
    }
    switch type {
    case .end: try receiveEnd(frame, call)
    case .message: try receiveMessage(frame, call)
    case .credit:
      let head: Huirong_Plainrpc_V1_CreditHead = try Self.decode(frame.head)
      guard head.bytes > 0 else { throw WireFault(.protocolError, "CREDIT of 0 bytes") }
      try countIdleFrame("CREDIT")
      guard call.receiveCredit(Int(head.bytes)) else { throw WireFault(.protocolError, "credit exceeds 2^31 - 1") }
    default: throw WireFault(.protocolError, "a server does not send \(type)")
    }
  }

  private func receiveEnd(_ frame: Frame, _ call: ClientCall) throws(WireFault) {
    let head: EndHead
    if frame.header.headLength == 0 {
      head = EndHead()
    } else {
      do {
        head = try frame.head.withUnsafeReadableBytes { bytes throws(ProtobufReader.Malformed) in try EndHead(bytes) }
      } catch {
        throw WireFault(.protocolError, "malformed huirong.plainrpc.v1.EndHead")
      }
    }
    finish(call, .success(head), message: frame.header.flags.contains(.message) ? frame.body : nil)
  }

  private func receiveMessage(_ frame: Frame, _ call: ClientCall) throws(WireFault) {
    let metadata: Metadata
    do {
      metadata = try frame.head.withUnsafeReadableBytes { bytes throws(ProtobufReader.Malformed) in
        try MessageHead.read(bytes)
      }
    } catch {
      throw WireFault(.protocolError, "malformed huirong.plainrpc.v1.MessageHead")
    }
    do {
      try call.receiveMessage(frame.header.flags.contains(.message) ? frame.body : nil, metadata: metadata)
    } catch {
      abandon(call, CallFailure(error.code, error.message))
    }
  }

  override func receiveGoAway(_ head: Huirong_Plainrpc_V1_GoAwayHead) {
    stopAccepting()
    logger.debug("server goes away", metadata: ["reason": "\(head.reason)", "detail": "\(head.message)"])
    if head.reason != .drain { serverFault = "\(head.reason): \(head.message)" }
    if !isDraining {
      isDraining = true
      onDrain(self)
    }
    for call in calls.all where call.stream > head.lastStream {
      finish(call, .failure(CallFailure(.unavailable, "the server is going away", isUnprocessed: true)), message: nil)
    }
    if calls.isEmpty { closeWhenDrained() }
  }

  /// Nothing is submitted after this; what was, is registered.
  private func stopAccepting() {
    collectOutbound()
    let queued = submission.withLock { submission -> [Queued] in
      submission.isAccepting = false
      defer { submission.overflow.removeAll() }
      return submission.overflow
    }
    collectOutbound()
    for entry in queued + Array(waiting) {
      finish(
        entry.call, .failure(CallFailure(.unavailable, "the connection is lost", isUnprocessed: true)), message: nil)
    }
    waiting.removeAll()
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
    for call in calls.all + waiting.map(\.call) {
      guard let deadline = call.deadline, !call.isDone else { continue }
      if deadline <= now {
        abandon(call, CallFailure(.deadlineExceeded, "the deadline has passed"))
      } else {
        next = min(next ?? deadline, deadline)
      }
    }
    if let next { watch(next) }
  }

  override func didChangeWritability(_ writable: Bool) {
    for call in calls.all { call.setWritable(writable) }
  }

  override func didClose(_ fault: WireFault?) {
    deadlines.cancel()
    let (unwritten, queued) = submission.withLock { submission -> ([ClientCall], [Queued]) in
      submission.isAccepting = false
      defer {
        submission.opened.removeAll()
        submission.overflow.removeAll()
        submission.frames = ByteBuffer()
      }
      return (submission.opened, submission.overflow)
    }
    let unprocessed = CallFailure(.unavailable, "the connection is lost", isUnprocessed: true)
    for call in unwritten + queued.map(\.call) + waiting.map(\.call) {
      finish(call, .failure(unprocessed), message: nil)
    }
    waiting.removeAll()
    let why = fault.map(\.message) ?? serverFault
    let lost = CallFailure(.unavailable, why.map { "the connection was closed: \($0)" } ?? "the connection is lost")
    for call in calls.all { finish(call, .failure(lost), message: nil) }
  }

  override func didDisconnect() { onClose(self) }
}
