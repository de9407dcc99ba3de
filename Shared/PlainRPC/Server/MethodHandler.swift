import GRPCCore
import SwiftProtobuf

/// The typed end of a method, erased so that one table holds them all.
class MethodHandler: @unchecked Sendable {}

final class UnaryHandler<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: MethodHandler, @unchecked Sendable {
  typealias Body = @Sendable (ServerRequest<Request>, ServerContext) async throws -> ServerResponse<Response>
  let body: Body
  init(_ body: @escaping Body) { self.body = body }
}

final class StreamingHandler<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>: MethodHandler, @unchecked Sendable {
  typealias Body = @Sendable (StreamingServerRequest<Request>, ServerContext) async throws ->
    StreamingServerResponse<Response>
  let body: Body
  init(_ body: @escaping Body) { self.body = body }
}
