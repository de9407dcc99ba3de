import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func verifyChain(
    request: ServerRequest<Huirong_Fund_V1_VerifyChainRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Common_V1_ChainReport> {
    try await edge.unary(request, context) { message, _ in
      try Require.known(message.chain, "chain")
      let report = try await repository.verify(message.chain == .events ? .events : .transfers)
      return .with {
        $0.entries = report.entries
        $0.intact = report.firstBadSequence == nil
        $0.firstBadSequence = report.firstBadSequence ?? 0
        $0.headHash = .init(report.headHash)
        $0.chain = report.chain
      }
    }
  }
}
