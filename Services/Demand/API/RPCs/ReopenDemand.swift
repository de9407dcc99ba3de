import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func reopenDemand(
    request: ServerRequest<Huirong_Demand_V1_ReopenDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .reopen(
        try ReopenDemand(demand: Self.demandID(message.name), reason: message.reason))
    }
  }
}
