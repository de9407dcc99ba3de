package import FundDomain
import GRPCCore
import Kernel
import PlainRPC
import Protos
package import RPCEdge
import SwiftProtobuf

/// The message that answers a command: made from what the command decided, and from nothing else.
protocol OutcomeMessage: Message {
  associatedtype Outcome: Sendable
  init(_ outcome: Outcome)
}

/// The fund service on the wire. Each RPC has a file of its own in `RPCs`; `Wire` maps messages.
package struct FundService: Huirong_Fund_V1_FundService.ServiceProtocol {
  let edge: Edge
  let repository: any FundRepository

  package init(edge: Edge, repository: any FundRepository) {
    self.edge = edge
    self.repository = repository
  }

  /// A command: parsed, decided and persisted exactly once, answered with its outcome.
  func command<Request: IdempotentRequest & Message, Command: FundCommand, Response: OutcomeMessage>(
    _ request: ServerRequest<Request>, _ context: ServerContext, _ parse: (Request, CallInfo) throws -> Command
  ) async throws -> ServerResponse<Response> where Response.Outcome == Command.Outcome {
    try await edge.command(request, context, encode: Self.encoder(of: Response.self)) { message, call in
      try await repository.execute(try parse(message, call.call), envelope: call.envelope, encode: call.encode)
    }
  }

  private static func encoder<Response: OutcomeMessage>(
    of response: Response.Type
  ) -> @Sendable (Response.Outcome) throws -> Response {
    { outcome in Response(outcome) }
  }

  /// A new resource id; the command stores it, so a replay answers the first one.
  static func newID(_ call: CallInfo) -> String {
    Identifier.make(at: call.now, random: .random(in: .min ... .max), .random(in: .min ... .max))
  }

  /// An institution reads what is its own.
  /// - Throws: `OUT_OF_SCOPE`.
  static func requireOwn(_ institution: String, _ call: CallInfo) throws(DomainError) {
    if call.caller.role == .institution && call.caller.organisation != institution {
      throw DomainError(.outOfScope, "\(call.caller.organisation) may not read what belongs to another institution")
    }
  }
}
