import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func recordContact(
    request: ServerRequest<Huirong_Demand_V1_RecordContactRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .contact(
        try RecordContact(demand: Self.demandID(message.name), institution: message.institution, reason: message.reason)
      )
    }
  }
}
