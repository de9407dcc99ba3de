import GRPCCore
import NIOCore

/// One call on a server's connection. Confined to the event loop, but for `cancellation`, `expiry` and `encodedAnswer`.
///
/// open → ended: END was written, CANCEL came, or the connection closed. The handler may still be running then; it holds
/// its place among the concurrent calls until it returns.
final class ServerCall: @unchecked Sendable {
  let connection: ServerConnection
  let stream: UInt32
  let descriptor: PlainMethodDescriptor
  let cancellation: ServerContext.RPCCancellationHandle
  let startedAt: NIODeadline
  let deadline: NIODeadline?
  /// The deadline as handlers read it.
  let expiry: ContinuousClock.Instant?
  /// Body of a unary request, counted against the connection's budget until the call ends.
  let requestBytes: Int
  /// What a streaming call needs beside; `nil` for unary.
  let streaming: ServerStream?

  /// What a unary handler answers in place of its message. Belongs to the handler's task until that has returned.
  var encodedAnswer: [UInt8]?

  var isOpen = true
  var handlerReturned = false
  var task: Task<Void, Never>?

  init(
    connection: ServerConnection, stream: UInt32, descriptor: PlainMethodDescriptor,
    cancellation: ServerContext.RPCCancellationHandle, startedAt: NIODeadline, deadline: NIODeadline?,
    expiry: ContinuousClock.Instant?, requestBytes: Int, streaming: ServerStream?
  ) {
    self.connection = connection
    self.stream = stream
    self.descriptor = descriptor
    self.cancellation = cancellation
    self.startedAt = startedAt
    self.deadline = deadline
    self.expiry = expiry
    self.requestBytes = requestBytes
    self.streaming = streaming
  }

  /// Tells the handler to stop: its task, its context's cancellation and its streams.
  func stop(_ reason: RPCError) {
    cancellation.cancel()
    task?.cancel()
    streaming?.close(reason)
  }
}

/// The two directions of a streaming call.
final class ServerStream: @unchecked Sendable {
  let inbox: MessageInbox
  let gate: CreditGate
  /// What the client may still send before it is granted more. Confined to the event loop.
  var receivableBytes: Int
  /// The client has half-closed.
  var inputEnded = false

  init(inbox: MessageInbox, gate: CreditGate, receivableBytes: Int) {
    self.inbox = inbox
    self.gate = gate
    self.receivableBytes = receivableBytes
  }

  func close(_ error: RPCError) {
    inbox.finish(throwing: error)
    gate.close(error)
  }
}
