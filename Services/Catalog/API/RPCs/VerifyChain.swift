import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func verifyChain(
    request: ServerRequest<Huirong_Catalog_V1_VerifyChainRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Common_V1_ChainReport> {
    try await edge.unary(request, context) { _, _ in
      Huirong_Common_V1_ChainReport(try await repository.verifyChain())
    }
  }
}
