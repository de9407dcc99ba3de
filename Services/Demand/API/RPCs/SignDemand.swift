import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func signDemand(
    request: ServerRequest<Huirong_Demand_V1_SignDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .sign(
        try SignDemand(
          demand: Self.demandID(message.name), institution: message.institution,
          contract: Self.contract(of: message), reason: message.reason))
    }
  }

  private static func contract(of message: Huirong_Demand_V1_SignDemandRequest) throws(DomainError) -> Contract {
    try Require.set(message.hasContract, "contract")
    return try Contract(message.contract, field: "contract")
  }
}
