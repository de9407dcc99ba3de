import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func submitProduct(
    request: ServerRequest<Huirong_Catalog_V1_SubmitProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.command(request, context, encode: Self.product) { message, call -> CommandReply<Product> in
      await settle(
        try await repository.submitProduct(
          id: try Reading.product(message.name), etag: message.etag, envelope: call.envelope, encode: call.encode))
    }
  }
}
