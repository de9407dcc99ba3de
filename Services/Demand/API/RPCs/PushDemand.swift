import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func pushDemand(
    request: ServerRequest<Huirong_Demand_V1_PushDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .push(
        try PushDemand(
          demand: Self.demandID(message.name), mode: PushMode(message.mode, "mode"),
          candidates: Self.candidates(message.candidates), reason: message.reason))
    }
  }

  private static func candidates(
    _ wire: [Huirong_Demand_V1_PushCandidate]
  ) throws(DomainError) -> [PushDemand.Candidate] {
    wire.map { PushDemand.Candidate(institution: $0.institution, product: $0.product, score: Rate($0.score)) }
  }
}
