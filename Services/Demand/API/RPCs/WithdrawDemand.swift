import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func withdrawDemand(
    request: ServerRequest<Huirong_Demand_V1_WithdrawDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .withdraw(try WithdrawDemand(demand: Self.demandID(message.name), reason: message.reason))
    }
  }
}
