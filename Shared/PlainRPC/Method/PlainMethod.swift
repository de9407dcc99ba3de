public import GRPCCore
public import SwiftProtobuf

/// One method of a service as the server dispatches it. The generator writes one for each RPC.
public struct PlainMethod: Sendable {
  public let descriptor: PlainMethodDescriptor
  let handler: MethodHandler

  public static func unary<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ descriptor: PlainMethodDescriptor,
    _ body: @escaping @Sendable (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>
  ) -> PlainMethod {
    PlainMethod(descriptor: descriptor, handler: UnaryHandler(body))
  }

  public static func serverStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ descriptor: PlainMethodDescriptor,
    _ body:
      @escaping @Sendable (ServerRequest<Request>, ServerContext) async throws -> StreamingServerResponse<Response>
  ) -> PlainMethod {
    PlainMethod(
      descriptor: descriptor,
      handler: StreamingHandler<Request, Response> { try await body(ServerRequest(stream: $0), $1) })
  }

  public static func clientStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ descriptor: PlainMethodDescriptor,
    _ body:
      @escaping @Sendable (StreamingServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>
  ) -> PlainMethod {
    PlainMethod(
      descriptor: descriptor,
      handler: StreamingHandler<Request, Response> { StreamingServerResponse(single: try await body($0, $1)) })
  }

  public static func bidirectionalStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ descriptor: PlainMethodDescriptor,
    _ body:
      @escaping @Sendable (StreamingServerRequest<Request>, ServerContext) async throws ->
      StreamingServerResponse<Response>
  ) -> PlainMethod {
    PlainMethod(descriptor: descriptor, handler: StreamingHandler(body))
  }
}
