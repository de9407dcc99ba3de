import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getInclusionProof(
    request: ServerRequest<Huirong_Fund_V1_GetInclusionProofRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_InclusionProof> {
    try await edge.unary(request, context) { message, _ in
      .init(
        try await repository.inclusionProof(
          of: Wire.number(message.name, "transfers"),
          treeSize: Require.number(message.treeSize, in: 0...Int64.max, "tree_size")))
    }
  }
}
