import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func createProduct(
    request: ServerRequest<Huirong_Catalog_V1_CreateProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.command(request, context, encode: Self.product) {
      message, call -> CommandReply<Product> in
      try Require.set(message.hasProduct, "product")
      let terms = try ProductTerms(message.product)
      let id =
        message.productID.isEmpty
        ? Identifier.make(at: call.now, random: UInt16.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
        : message.productID
      return await settle(
        try await repository.createProduct(id: id, terms: terms, envelope: call.envelope, encode: call.encode))
    }
  }
}
