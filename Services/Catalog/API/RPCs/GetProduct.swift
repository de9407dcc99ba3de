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
      if message.version < 0 { throw DomainError.invalid("version", "0 for the latest, or a version") }
      return Huirong_Catalog_V1_Product(
        try await repository.product(
          try Reading.product(message.name), version: message.version == 0 ? nil : Int(message.version)))
    }
  }
}
