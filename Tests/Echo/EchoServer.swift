public import GRPCCore

/// The echo service behind every wire's tests and benchmarks.
public struct EchoServer: Echo_V1_EchoService.ServiceProtocol {
  /// Runs at the start of every unary call; tests hold calls up with it.
  private let beforeGet: @Sendable (Echo_V1_EchoRequest, ServerContext) async throws -> Void

  public init(
    beforeGet: @escaping @Sendable (Echo_V1_EchoRequest, ServerContext) async throws -> Void = { _, _ in }
  ) {
    self.beforeGet = beforeGet
  }

  public func get(
    request: ServerRequest<Echo_V1_EchoRequest>, context: ServerContext
  ) async throws -> ServerResponse<Echo_V1_EchoResponse> {
    try await beforeGet(request.message, context)
    try Self.fail(request.message)
    return ServerResponse(message: Self.answer(request.message), metadata: Self.echoed(request.metadata))
  }

  public func expand(
    request: ServerRequest<Echo_V1_EchoRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Echo_V1_EchoResponse> {
    StreamingServerResponse(metadata: Self.echoed(request.metadata)) { writer in
      var response = Self.answer(request.message)
      for number in 0..<max(0, Int64(request.message.count)) {
        response.id = number + 1
        try await writer.write(response)
      }
      try Self.fail(request.message)
      return ["x-count": "\(request.message.count)"]
    }
  }

  public func collect(
    request: StreamingServerRequest<Echo_V1_EchoRequest>, context: ServerContext
  ) async throws -> ServerResponse<Echo_V1_EchoResponse> {
    var response = Echo_V1_EchoResponse()
    for try await message in request.messages {
      try Self.fail(message)
      response.id += 1
      response.payload += message.payload
      response.text += message.text
    }
    return ServerResponse(message: response)
  }

  public func update(
    request: StreamingServerRequest<Echo_V1_EchoRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Echo_V1_EchoResponse> {
    StreamingServerResponse { writer in
      for try await message in request.messages {
        try Self.fail(message)
        try await writer.write(Self.answer(message))
      }
      return [:]
    }
  }

  private static func answer(_ request: Echo_V1_EchoRequest) -> Echo_V1_EchoResponse {
    var response = Echo_V1_EchoResponse()
    response.id = request.id
    response.text = request.text
    response.payload = request.payload
    return response
  }

  /// Metadata whose keys begin with `x-echo-` comes back.
  private static func echoed(_ metadata: Metadata) -> Metadata {
    if metadata.isEmpty { return [:] }
    return Metadata(metadata.filter { $0.key.hasPrefix("x-echo-") })
  }

  private static func fail(_ request: Echo_V1_EchoRequest) throws {
    if request.failCode == 0 { return }
    guard let code = Status.Code(rawValue: Int(request.failCode)).flatMap({ RPCError.Code($0) }) else {
      throw NotACode(text: "secret")
    }
    throw RPCError(code: code, message: request.text, metadata: ["grpc-status-details-bin": .binary([8, 5])])
  }

  /// An error that is not an `RPCError`; its text must not reach a caller.
  struct NotACode: Error { let text: String }
}
