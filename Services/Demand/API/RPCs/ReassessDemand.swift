import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func reassessDemand(
    request: ServerRequest<Huirong_Demand_V1_ReassessDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .reassess(
        try AssessDemand(
          demand: Self.demandID(message.name), asOf: .optional(message.hasAsOf, message.asOf, "as_of"),
          reason: message.reason))
    }
  }
}
