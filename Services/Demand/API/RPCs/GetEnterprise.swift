import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge

extension DemandService {
  package func getEnterprise(
    request: ServerRequest<Huirong_Demand_V1_GetEnterpriseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Enterprise> {
    try await edge.unary(request, context) { message, call in
      let enterprise = try await repository.enterprise(try Self.enterpriseID(message.name))
      try DemandScope.requireView(of: enterprise, by: call.caller)
      return enterprise.wire
    }
  }
}
