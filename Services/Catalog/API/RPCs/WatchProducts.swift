import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func watchProducts(
    request: ServerRequest<Huirong_Catalog_V1_WatchProductsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Catalog_V1_WatchProductsResponse> {
    try await edge.serverStream(request, context) { message, _, writer in
      try await repository.watch(after: message.afterSequence) { event in
        try await writer.write(Huirong_Catalog_V1_WatchProductsResponse(event))
      }
    }
  }
}
