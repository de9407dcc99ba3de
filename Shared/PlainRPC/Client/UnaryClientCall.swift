public import GRPCCore
import NIOCore
public import SwiftProtobuf

/// The answer to a unary call with what came beside it.
public struct PlainReply<Message: SwiftProtobuf.Message>: Sendable {
  public var message: Message
  /// Initial and trailing metadata together: a unary call has but one frame to carry them.
  public var metadata: Metadata
}

/// A call that waits for one END with one message in it.
final class UnaryClientCall<Response: SwiftProtobuf.Message>: ClientCall, @unchecked Sendable {
  private let continuation: UnsafeContinuation<PlainReply<Response>, any Error>
  private let method: PlainMethodDescriptor

  init(_ method: PlainMethodDescriptor, _ continuation: UnsafeContinuation<PlainReply<Response>, any Error>) {
    self.method = method
    self.continuation = continuation
  }

  override func receiveMessage(_ body: ByteBuffer?, metadata: Metadata) throws(RPCError) {
    throw RPCError(code: .internalError, message: "a MESSAGE for the unary \(method.fullName)")
  }

  override func end(_ result: Result<EndHead, CallFailure>, message: ByteBuffer?) {
    switch result {
    case .failure(let failure):
      if failure.isUnprocessed {
        continuation.resume(throwing: failure)
      } else {
        continuation.resume(throwing: failure.status)
      }
    case .success(let head):
      if let status = PlainStatus(head) { return continuation.resume(throwing: status) }
      guard let message, let response = try? Response(serializedBytes: message.readableBytesSpan) else {
        return continuation.resume(throwing: PlainStatus.undecodableResponse(method.fullName))
      }
      continuation.resume(returning: PlainReply(message: response, metadata: head.metadata))
    }
  }
}
