import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  package func getProduct(
    request: ServerRequest<Huirong_Catalog_V1_GetProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.unaryEncoded(request, context) { message, call in
      let id = try Reading.product(message.name)
      let sight = Sight(call.caller)
      if message.version < 0 { throw DomainError.invalid("version", "0 for the latest, or a version") }
      if message.version > 0 {
        let found = try await repository.product(id, version: Int(message.version), sight: sight)
        return try Huirong_Catalog_V1_Product(found).serializedBytes()
      }
      guard let seen = try await latest(id).seen(by: sight) else {
        throw DomainError.notFound("\(Product.collection)/\(id)")
      }
      return seen
    }
  }

  private func latest(_ id: String) async throws -> ProductCache.Entry {
    if let known = live.cache.product(id) { return known }
    let epoch = live.cache.epoch
    let found = try await repository.views(of: id)
    let entry = try ProductCache.Entry(latest: found.latest, published: found.published)
    live.cache.keep(entry, id, readAt: epoch)
    return entry
  }
}
