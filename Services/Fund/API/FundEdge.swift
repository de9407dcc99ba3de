import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
import RPCEdge
import SwiftProtobuf

/// What every service of the fund's process does alike.
protocol FundEdge: Sendable {
  var edge: Edge { get }
  var repository: any FundRepository { get }
}

extension FundEdge {
  /// A command: parsed, decided and persisted exactly once, answered with its outcome.
  func command<Request: IdempotentRequest & Message, Command: FundCommand, Response: OutcomeMessage>(
    _ request: ServerRequest<Request>, _ context: ServerContext, _ parse: (Request, CallInfo) throws -> Command
  ) async throws -> ServerResponse<Response> where Response.Outcome == Command.Outcome {
    try await edge.command(request, context, encode: Self.encoder(of: Response.self)) { message, call in
      try await repository.execute(try parse(message, call.call), envelope: call.envelope, encode: call.encode)
    }
  }

  static func encoder<Response: OutcomeMessage>(
    of response: Response.Type
  ) -> @Sendable (Response.Outcome) throws -> Response {
    { outcome in Response(outcome) }
  }

  /// A new resource id; the command stores it, so a replay answers the first one.
  static func newID(_ call: CallInfo) -> String {
    Identifier.make(at: call.now, random: .random(in: .min ... .max), .random(in: .min ... .max))
  }

  /// A page of records in the order of their ids.
  func records<Request: PagedRequest & Sendable, R: FundRecord, Response: Sendable>(
    _ request: ServerRequest<Request>, _ context: ServerContext, of type: R.Type,
    _ select: (Request, CallInfo) throws -> RecordQuery, _ respond: ([R], String) throws -> Response
  ) async throws -> ServerResponse<Response> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      var query = try select(message, call)
      query.after = page.cursor ?? ""
      query.limit = page.size
      let found = try await repository.records(type, query)
      return try respond(found.items, found.next.map(page.token(after:)) ?? "")
    }
  }
}
