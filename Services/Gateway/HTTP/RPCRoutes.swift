import Foundation
import GatewayJourney
import HTTPTypes
import Hummingbird
import Kernel
import Logging
import NIOCore
import PlainRPC
import Protos
import RPCEdge

/// `POST /v1/rpc/{service}/{method}`: every RPC of the suite with JSON in and out; server streams answer one JSON message
/// a line (application/x-ndjson). `GET /v1/rpc` lists them.
struct RPCRoutes {
  let clients: SuiteClients
  let logger: Logger

  /// Same limit as a PlainRPC frame.
  static let maximumBody = 4 * 1024 * 1024

  func register<Context: RequestContext>(on router: Router<Context>) {
    router.get("/v1/rpc") { _, _ in
      let names = SuiteMethods.all.map { #"{"method":"\#($0.fullName)","kind":"\#($0.kind.rawValue)"}"# }
      return JSONReply.ok(Data(#"{"methods":[\#(names.joined(separator: ","))]}"#.utf8))
    }
    router.post("/v1/rpc/:service/:method") { request, context in
      await JSONReply.guarded(logger) {
        let name = try "\(context.parameters.require("service"))/\(context.parameters.require("method"))"
        return try await call(name, request)
      }
    }
  }

  private func call(_ name: String, _ request: Request) async throws -> Response {
    guard let method = SuiteMethods.named(name), let client = clients.client(for: method) else {
      throw DomainError(
        .methodNotFound, "no method \(name.prefix(128)); GET /v1/rpc lists them", metadata: ["method": name])
    }
    let options = try CallHeaders.options(request)
    let body = try await request.body.collect(upTo: Self.maximumBody)
    let json = JSONCall(method, on: client)
    let input = Data(body.readableBytesView)
    switch method.kind {
    case .unary: return JSONReply.ok(try await json.unary(input, options: options))
    case .serverStreaming: return stream(json, input, options)
    case .clientStreaming, .bidirectionalStreaming:
      throw DomainError(.methodNotFound, "\(name) takes a stream of requests, which HTTP/JSON does not offer")
    }
  }

  private func stream(_ json: JSONCall, _ input: Data, _ options: PlainCallOptions) -> Response {
    // A watch has no end: only the client's leaving ends it, so the default timeout does not apply to streams.
    var unbounded = options
    unbounded.deadline = nil
    let body = ResponseBody { [unbounded] writer in
      do {
        try await json.serverStreaming(input, options: unbounded) { message in
          var line = ByteBuffer(bytes: message)
          line.writeInteger(UInt8(ascii: "\n"))
          try await writer.write(line)
          return true
        }
      } catch let status as PlainStatus {
        var line = ByteBuffer(
          bytes: JSONStatus.json(code: status.code, message: status.message, details: status.details))
        line.writeInteger(UInt8(ascii: "\n"))
        try await writer.write(line)
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
  }
}
