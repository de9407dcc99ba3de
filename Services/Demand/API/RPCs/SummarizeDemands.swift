import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge

extension DemandService {
  package func summarizeDemands(
    request: ServerRequest<Huirong_Demand_V1_SummarizeDemandsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_SummarizeDemandsResponse> {
    try await edge.unary(request, context) { message, call in
      try DemandScope.requireRegion(prefix: message.regionPrefix, field: "region_prefix", by: call.caller)
      return try await repository.summary(prefix: message.regionPrefix).wire(prefix: message.regionPrefix)
    }
  }
}
