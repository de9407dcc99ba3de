import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge

extension DemandService {
  package func getDemand(
    request: ServerRequest<Huirong_Demand_V1_GetDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await edge.unary(request, context) { message, call in
      let demand = try await repository.demand(try Self.demandID(message.name))
      return try DemandScope.view(demand, for: call.caller).wire
    }
  }
}
