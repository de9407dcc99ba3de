import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func joinDemand(
    request: ServerRequest<Huirong_Demand_V1_JoinDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .join(
        try JoinDemand(demand: Self.demandID(message.name), institution: message.institution, reason: message.reason))
    }
  }
}
