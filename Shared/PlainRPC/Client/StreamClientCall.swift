import GRPCCore
import NIOCore
import SwiftProtobuf
import Synchronization

/// A call of any streaming kind.
final class StreamClientCall: ClientCall, @unchecked Sendable {
  let method: PlainMethodDescriptor
  let inbox: MessageInbox
  /// Closed to writers until OPEN has been written.
  let gate = CreditGate(credit: 0)
  private var receivableBytes: Int
  private struct Metadatas { var initial: Metadata = [:], trailing: Metadata = [:] }
  private let metadatas = Mutex(Metadatas())

  init(_ method: PlainMethodDescriptor, window: Int, total: MessageInbox.Total) {
    self.method = method
    receivableBytes = window
    let grants = GrantTarget()
    inbox = MessageInbox(window: window, total: total) { bytes in grants.grant(bytes) }
    super.init()
    grants.call = self
  }

  /// Ties the inbox to the call without a retain cycle.
  private final class GrantTarget: @unchecked Sendable {
    weak var call: StreamClientCall?
    func grant(_ bytes: Int) { if let call { call.connection?.grant(bytes, to: call) } }
  }

  /// On the loop: what the consumer has taken may be sent again.
  func didGrant(_ bytes: Int) { receivableBytes += bytes }

  var initialMetadata: Metadata { metadatas.withLock(\.initial) }
  var trailingMetadata: Metadata { metadatas.withLock(\.trailing) }

  override func didOpen(credit: Int) { _ = gate.grant(credit) }

  override func receiveMessage(_ body: ByteBuffer?, metadata: Metadata) throws(RPCError) {
    if !metadata.isEmpty { metadatas.withLock { $0.initial.add(contentsOf: metadata) } }
    guard let body else { return }
    guard receivableBytes > 0 else {
      throw RPCError(code: .internalError, message: "the server sent beyond the stream's credit")
    }
    receivableBytes -= MessageInbox.cost(body.readableBytes)
    inbox.push(body)
  }

  override func receiveCredit(_ bytes: Int) -> Bool { gate.grant(bytes) }

  override func setWritable(_ writable: Bool) { gate.setWritable(writable) }

  override func end(_ result: Result<EndHead, CallFailure>, message: ByteBuffer?) {
    switch result {
    case .failure(let failure): close(failure.status)
    case .success(let head):
      metadatas.withLock { $0.trailing = head.metadata }
      if let status = PlainStatus(head) { return close(status) }
      if let message { inbox.push(message) }
      inbox.finish()
      gate.close(CallEnded())
    }
  }

  private func close(_ status: PlainStatus) {
    inbox.finish(throwing: status)
    gate.close(status)
  }

  /// The server has answered; what else would be sent is of no interest to it.
  struct CallEnded: Error {}

  /// The next response, decoded.
  func next<Response: SwiftProtobuf.Message>() async throws -> Response? {
    let body: ByteBuffer?
    do {
      body = try await inbox.next()
    } catch is CancellationError {
      cancel()
      throw PlainStatus(code: .cancelled, message: "the caller was cancelled")
    }
    guard let body else { return nil }
    do {
      return try Response(serializedBytes: body.readableBytesSpan)
    } catch {
      cancel()
      throw PlainStatus.undecodableResponse(method.fullName)
    }
  }

  /// Sends a request message when there is credit for it.
  func send(_ message: some SwiftProtobuf.Message) async throws {
    let bytes: [UInt8] = try message.serializedBytes()
    guard let connection = connection else { throw PlainStatus(code: .unavailable, message: "the connection is lost") }
    try connection.checkMessageSize(bytes.count)
    do {
      try await gate.acquire(MessageInbox.cost(bytes.count))
    } catch is CallEnded {
      return
    } catch is CancellationError {
      cancel()
      throw PlainStatus(code: .cancelled, message: "the caller was cancelled")
    }
    connection.sendMessage(bytes, on: self)
  }

  func halfClose() async throws {
    do {
      try await gate.acquire(0)
    } catch is CallEnded {
      return
    }
    connection?.sendHalfClose(on: self)
  }
}
