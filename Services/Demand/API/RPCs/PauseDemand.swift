import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func pauseDemand(
    request: ServerRequest<Huirong_Demand_V1_PauseDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .pause(
        try PauseDemand(demand: Self.demandID(message.name), institution: message.institution, reason: message.reason))
    }
  }
}
