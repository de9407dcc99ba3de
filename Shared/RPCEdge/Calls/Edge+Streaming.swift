package import GRPCCore

extension Edge {
  /// One message in, many out. The body ends when it returns, or is cancelled when the caller cancels, the deadline
  /// passes or, with `endsOnDrain`, the process drains.
  ///
  /// - Parameter endsOnDrain: true for streams that follow something for ever, false for those that end by themselves.
  /// - Throws: `RPCError` only.
  package func serverStream<Request: Sendable, Response: Sendable>(
    _ request: ServerRequest<Request>, _ context: ServerContext, endsOnDrain: Bool = true,
    _ body: @escaping @Sendable (Request, CallInfo, RPCWriter<Response>) async throws -> Void
  ) async throws -> StreamingServerResponse<Response> {
    let (method, call, started) = try admit(request.metadata, context)
    let message = request.message
    return stream(method, call, started, context, endsOnDrain: endsOnDrain) { writer in
      try await body(message, call, writer)
    }
  }

  /// Many messages in, one out.
  /// - Throws: `RPCError` only.
  package func clientStream<Request: Sendable, Response: Sendable>(
    _ request: StreamingServerRequest<Request>, _ context: ServerContext,
    _ body: (RPCAsyncSequence<Request, any Error>, CallInfo) async throws -> Response
  ) async throws -> ServerResponse<Response> {
    let (method, call, started) = try admit(request.metadata, context)
    do {
      try call.checkDeadline()
      let response = try await body(request.messages, call)
      succeed(method, call, started)
      return ServerResponse(message: response)
    } catch {
      throw fail(error, method, call, started)
    }
  }

  /// Many messages in, many out.
  /// - Throws: `RPCError` only.
  package func bidirectionalStream<Request: Sendable, Response: Sendable>(
    _ request: StreamingServerRequest<Request>, _ context: ServerContext, endsOnDrain: Bool = true,
    _ body:
      @escaping @Sendable (RPCAsyncSequence<Request, any Error>, CallInfo, RPCWriter<Response>) async throws -> Void
  ) async throws -> StreamingServerResponse<Response> {
    let (method, call, started) = try admit(request.metadata, context)
    let messages = request.messages
    return stream(method, call, started, context, endsOnDrain: endsOnDrain) { writer in
      try await body(messages, call, writer)
    }
  }

  private func stream<Response: Sendable>(
    _ method: MethodHandle, _ call: CallInfo, _ started: Started, _ context: ServerContext, endsOnDrain: Bool,
    _ body: @escaping @Sendable (RPCWriter<Response>) async throws -> Void
  ) -> StreamingServerResponse<Response> {
    let cancellation = context.cancellation
    return StreamingServerResponse { writer in
      do {
        try await StreamScope.run(cancellation, endsOnDrain ? self.drain : nil) { try await body(writer) }
        self.succeed(method, call, started)
        return [:]
      } catch {
        throw self.fail(error, method, call, started)
      }
    }
  }
}
