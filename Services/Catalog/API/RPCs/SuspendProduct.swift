import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func suspendProduct(
    request: ServerRequest<Huirong_Catalog_V1_SuspendProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.command(request, context, encode: Self.product) {
      message, call -> CommandReply<Product> in
      await settle(
        try await repository.suspendProduct(
          id: try Reading.product(message.name), etag: message.etag, reason: message.reason, envelope: call.envelope,
          encode: call.encode))
    }
  }
}
