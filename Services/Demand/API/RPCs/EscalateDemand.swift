import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func escalateDemand(
    request: ServerRequest<Huirong_Demand_V1_EscalateDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .escalate(
        try EscalateDemand(demand: Self.demandID(message.name), reason: message.reason))
    }
  }
}
