package import GRPCCore

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
}
