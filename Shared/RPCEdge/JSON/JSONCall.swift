package import Foundation
package import Kernel
package import PlainRPC
import SwiftProtobuf

/// Calls a method known by its descriptor with a JSON message and answers JSON, by the proto3 JSON mapping: what the
/// gateway's HTTP face and `huirongctl` do for every RPC of the suite.
package struct JSONCall: Sendable {
  package let method: PlainMethodDescriptor
  private let client: PlainClient

  package init(_ method: PlainMethodDescriptor, on client: PlainClient) {
    self.method = method
    self.client = client
  }

  /// A unary call.
  /// - Throws: `INVALID_JSON` when the text is not a message of the method's request type; `PlainStatus` as answered.
  package func unary(_ json: Data, options: PlainCallOptions) async throws -> Data {
    guard method.kind == .unary else {
      throw DomainError(.invalidArgument, "\(method.fullName) streams; it cannot be called as unary")
    }
    return try await unary(method.requestType, method.responseType, json, options)
  }

  /// A server-streaming call; `receive` gets each message and ends the call by returning false.
  package func serverStreaming(
    _ json: Data, options: PlainCallOptions, receive: (Data) async throws -> Bool
  ) async throws {
    guard method.kind == .serverStreaming else {
      throw DomainError(.invalidArgument, "\(method.fullName) does not stream from the server")
    }
    try await streaming(method.requestType, method.responseType, json, options, receive)
  }

  private func unary<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _: Request.Type, _: Response.Type, _ json: Data, _ options: PlainCallOptions
  ) async throws -> Data {
    let request: Request = try decode(json)
    let response: Response = try await client.unary(method, request, options: options)
    return try response.jsonUTF8Data(options: Self.printing)
  }

  private func streaming<Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message>(
    _: Request.Type, _: Response.Type, _ json: Data, _ options: PlainCallOptions, _ receive: (Data) async throws -> Bool
  ) async throws {
    let request: Request = try decode(json)
    let stream: PlainStream<Response> = try await client.serverStreaming(method, request, options: options)
    for try await message in stream {
      guard try await receive(message.jsonUTF8Data(options: Self.printing)) else { return }
    }
  }

  private func decode<Request: SwiftProtobuf.Message>(_ json: Data) throws(DomainError) -> Request {
    do {
      return try Request(jsonUTF8Data: json.isEmpty ? Data("{}".utf8) : json)
    } catch {
      throw DomainError(.invalidJSON, "not a \(Request.protoMessageName): \(error)", field: "body")
    }
  }

  /// 64-bit integers are strings and fields that hold their default are printed: a reader sees the whole message.
  private static let printing: JSONEncodingOptions = {
    var options = JSONEncodingOptions()
    options.alwaysPrintEnumsAsInts = false
    return options
  }()
}
