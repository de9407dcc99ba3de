import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func verifyChain(
    request: ServerRequest<Huirong_Demand_V1_VerifyChainRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Common_V1_ChainReport> {
    try await edge.unary(request, context) { _, _ in
      let verdict = try await repository.verifyChain()
      return .with {
        $0.entries = verdict.entries
        $0.intact = verdict.firstBadSequence == nil
        $0.firstBadSequence = verdict.firstBadSequence ?? 0
        $0.headHash = .init(verdict.headHash)
        $0.chain = verdict.chain
      }
    }
  }
}
