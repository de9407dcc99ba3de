import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func noteDemand(
    request: ServerRequest<Huirong_Demand_V1_NoteDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .note(
        try NoteDemand(demand: Self.demandID(message.name), text: message.text))
    }
  }
}
