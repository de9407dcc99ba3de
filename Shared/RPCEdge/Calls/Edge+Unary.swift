package import GRPCCore
internal import PlainRPC
package import SwiftProtobuf

extension Edge {
  /// One message in, one message out, no effect.
  /// - Throws: `RPCError` only.
  package func unary<Request: Sendable, Response: Sendable>(
    _ request: ServerRequest<Request>, _ context: ServerContext,
    _ body: (Request, CallInfo) async throws -> Response
  ) async throws -> ServerResponse<Response> {
    let (method, call, started) = try admit(request.metadata, context)
    do {
      try call.checkDeadline()
      let response = try await body(request.message, call)
      succeed(method, call, started)
      return ServerResponse(message: response)
    } catch {
      throw fail(error, method, call, started)
    }
  }

  /// One message in, the bytes of one message out, no effect: for answers that are encoded already. Over the plain wire they are
  /// sent as they are.
  /// - Throws: `RPCError` only.
  package func unaryEncoded<Request: Sendable, Response: Message>(
    _ request: ServerRequest<Request>, _ context: ServerContext,
    _ body: (Request, CallInfo) async throws -> [UInt8]
  ) async throws -> ServerResponse<Response> {
    try await unary(request, context) { message, call in
      let bytes = try await body(message, call)
      return context.answer(encoded: bytes) ? Response() : try Response(serializedBytes: bytes)
    }
  }
}
