import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func getProduct(
    request: ServerRequest<Huirong_Catalog_V1_GetProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.unary(request, context) { message, _ in
      let id = try Reading.product(message.name)
      if message.version < 0 { throw DomainError.invalid("version", "0 for the latest, or a version") }
      if message.version > 0 {
        return Huirong_Catalog_V1_Product(try await repository.product(id, version: Int(message.version)))
      }
      if let known = live.cache.product(id) { return known }
      let epoch = live.cache.epoch
      let found = Huirong_Catalog_V1_Product(try await repository.product(id, version: nil))
      live.cache.keep(found, id, readAt: epoch)
      return found
    }
  }
}
