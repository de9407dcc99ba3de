internal import Crypto
package import GRPCCore
package import Kernel
package import PlainRPC
package import SwiftProtobuf
internal import Synchronization

/// A mutating call: who calls, and the envelope under which the store makes it happen exactly once.
package struct CommandCall<Outcome: Sendable>: Sendable {
  package let call: CallInfo
  package let envelope: CommandEnvelope
  /// The response message of an outcome, serialised: what the store freezes under the request's key.
  package let encode: @Sendable (Outcome) throws -> [UInt8]

  package var caller: Caller { call.caller }
  package var now: Instant { call.now }
}

extension Edge {
  /// One message in, one message out, exactly once under the request's `request_id`.
  ///
  /// - Parameter encode: the response message of an outcome. A repeated request gets the bytes of the first answer.
  /// - Throws: `RPCError` only.
  package func command<Request: IdempotentRequest & Message, Outcome: Sendable, Response: Message>(
    _ request: ServerRequest<Request>, _ context: ServerContext,
    encode: @escaping @Sendable (Outcome) throws -> Response,
    _ body: (Request, CommandCall<Outcome>) async throws -> CommandReply<Outcome>
  ) async throws -> ServerResponse<Response> {
    try await commandEncoded(request, context, encode: { try encode($0).serializedBytes() }, body)
  }

  /// As `command`, with the response message's bytes made without the message.
  /// - Throws: `RPCError` only.
  package func commandEncoded<Request: IdempotentRequest & Message, Outcome: Sendable, Response: Message>(
    _ request: ServerRequest<Request>, _ context: ServerContext,
    encode: @escaping @Sendable (Outcome) throws -> [UInt8],
    _ body: (Request, CommandCall<Outcome>) async throws -> CommandReply<Outcome>
  ) async throws -> ServerResponse<Response> {
    let (method, call, started) = try admit(request.metadata, context)
    do {
      try call.checkDeadline()
      let envelope = try CommandEnvelope(
        requestID: request.message.requestID, method: call.method, caller: call.caller,
        requestHash: RequestHash.of(request.message), now: call.now)
      let kept = KeptAnswer()
      let command = CommandCall<Outcome>(call: call, envelope: envelope) { outcome in
        let bytes = try encode(outcome)
        kept.bytes = bytes
        return bytes
      }
      let bytes: [UInt8]
      switch try await body(request.message, command) {
      case .fresh(let outcome):
        // What the store has frozen is what a repetition will hear; sending the same bytes saves making them twice.
        if let frozen = kept.bytes { bytes = frozen } else { bytes = try encode(outcome) }
      case .replayed(let frozen): bytes = frozen
      }
      let response = context.answer(encoded: bytes) ? Response() : try Response(serializedBytes: bytes)
      succeed(method, call, started)
      return ServerResponse(message: response)
    } catch {
      throw fail(error, method, call, started)
    }
  }
}

/// The bytes that the store froze last for a command.
private final class KeptAnswer: Sendable {
  private let state = Mutex<[UInt8]?>(nil)

  var bytes: [UInt8]? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}

/// SHA-256 of a request serialised deterministically without its key: two requests under one key are the same request
/// exactly when their hashes agree.
enum RequestHash {
  static func of<Request: IdempotentRequest & Message>(_ request: Request) throws -> [UInt8] {
    var keyless = request
    keyless.requestID = ""
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    let bytes: [UInt8] = try keyless.serializedBytes(options: options)
    return Array(SHA256.hash(data: bytes))
  }
}
