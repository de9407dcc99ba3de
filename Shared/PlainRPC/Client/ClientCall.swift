import GRPCCore
import NIOCore
import SwiftProtobuf
import WireProtos

/// One call on a client's connection.
///
/// queued → sent → done. `stream` is 0 while queued. Confined to the event loop once submitted, but for `cancel`.
class ClientCall: @unchecked Sendable {
  var stream: UInt32 = 0
  var deadline: NIODeadline?
  var isDone = false

  /// Set when the connection accepts the call.
  var connection: ClientConnection?

  /// Any thread, once submitted: the caller has lost interest.
  func cancel() { connection?.cancel(self) }

  /// OPEN is about to be written; `credit` is what may be sent after it.
  func didOpen(credit: Int) {}
  func receiveMessage(_ body: ByteBuffer?, metadata: Metadata) throws(RPCError) {}
  func receiveCredit(_ bytes: Int) -> Bool { true }
  func setWritable(_ writable: Bool) {}
  /// The server's END, or the connection's end. `message` is END's message, if it has one.
  func end(_ result: Result<EndHead, CallFailure>, message: ByteBuffer?) {}
}

/// Why a call ended without an END.
struct CallFailure: Error {
  let status: PlainStatus
  /// The server has certainly not seen the call, or has refused it unseen: it may be sent again.
  let isUnprocessed: Bool

  init(_ code: RPCError.Code, _ message: String, isUnprocessed: Bool = false) {
    status = PlainStatus(code: code, message: message)
    self.isUnprocessed = isUnprocessed
  }
}

extension PlainStatus {
  /// `nil` when `head` says OK.
  init?(_ head: EndHead) {
    guard let code = RPCError.Code(ending: head.code) else { return nil }
    self.init(
      code: code, message: head.message,
      details: head.details.isEmpty ? nil : try? Google_Rpc_Status(serializedBytes: head.details),
      metadata: head.metadata)
  }

  static func undecodableResponse(_ method: String) -> PlainStatus {
    PlainStatus(code: .internalError, message: "the response of \(method) cannot be decoded")
  }
}
