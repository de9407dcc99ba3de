import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func getDemandHistory(
    request: ServerRequest<Huirong_Demand_V1_GetDemandHistoryRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_GetDemandHistoryResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Self.demandID(message.name)
      _ = try DemandScope.view(try await repository.demand(id), for: call.caller)
      let entries = try await repository.history(of: id)
      return .with { $0.entries = entries.compactMap { $0.view(for: call.caller)?.wire } }
    }
  }
}
