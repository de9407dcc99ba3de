package import DemandDomain
import GRPCCore
import Kernel
import PlainRPC
package import Policy
import Protos
package import RPCEdge
import SwiftProtobuf

/// The demand service on the wire. Each RPC has a file of its own in `RPCs`; `Wire` maps messages.
package struct DemandService: Huirong_Demand_V1_DemandService.ServiceProtocol {
  let edge: Edge
  let repository: any DemandRepository
  /// Codes of the early pilot that the operator has checked by hand.
  let legacyCodes: Set<String>
  let policy: PolicyBook
  let products: any ProductCounting
  let watchMessages = WatchMessages()

  package init(
    edge: Edge, repository: any DemandRepository, legacyCodes: Set<String>, policy: PolicyBook,
    products: any ProductCounting
  ) {
    self.policy = policy
    self.products = products
    self.edge = edge
    self.repository = repository
    self.legacyCodes = legacyCodes
  }

  /// A command on one demand; the caller gets the demand as it may see it, now and on every replay.
  func command<Request: IdempotentRequest & Message>(
    _ request: ServerRequest<Request>, _ context: ServerContext,
    _ parse: @Sendable (Request, CallInfo) throws -> DemandCommand
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await edge.commandEncoded(request, context, encode: Self.encoded) { message, command in
      let caller = command.caller
      let reply = try await repository.execute(
        try parse(message, command.call), envelope: command.envelope,
        encode: { try command.encode(DemandScope.view($0, for: caller)) })
      switch reply {
      case .fresh(let demand): return .fresh(try DemandScope.view(demand, for: caller))
      case .replayed(let bytes): return .replayed(bytes)
      }
    }
  }

  @Sendable
  private static func encoded(_ demand: Demand) throws -> [UInt8] { try demand.encoded }

  static func demandID(_ name: String, field: String = "name") throws(DomainError) -> String {
    try ResourceName.id(of: name, in: "demands", field: field)
  }

  static func enterpriseID(_ name: String, field: String = "name") throws(DomainError) -> String {
    try ResourceName.id(of: name, in: "enterprises", field: field)
  }
}
