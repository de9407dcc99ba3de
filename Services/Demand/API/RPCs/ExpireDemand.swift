import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func expireDemand(
    request: ServerRequest<Huirong_Demand_V1_ExpireDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .expire(
        try ExpireDemand(
          demand: Self.demandID(message.name), asOf: .required(message.hasAsOf, message.asOf, "as_of"),
          reason: message.reason))
    }
  }
}
