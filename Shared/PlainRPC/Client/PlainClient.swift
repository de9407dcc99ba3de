public import SwiftProtobuf
import GRPCCore

public final class PlainClient: Sendable {
  public init() {}
  public func unary<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, _ request: Request, options: PlainCallOptions = .default
  ) async throws -> Response { throw PlainStatus(code: .unimplemented, message: "") }
  public func serverStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, _ request: Request, options: PlainCallOptions = .default
  ) async throws -> PlainStream<Response> { throw PlainStatus(code: .unimplemented, message: "") }
  public func clientStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, options: PlainCallOptions = .default
  ) async throws -> PlainUpload<Request, Response> { throw PlainStatus(code: .unimplemented, message: "") }
  public func bidirectionalStreaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _ method: PlainMethodDescriptor, options: PlainCallOptions = .default
  ) async throws -> PlainDuplex<Request, Response> { throw PlainStatus(code: .unimplemented, message: "") }
}
