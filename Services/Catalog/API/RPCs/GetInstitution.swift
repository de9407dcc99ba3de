import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func getInstitution(
    request: ServerRequest<Huirong_Catalog_V1_GetInstitutionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Institution> {
    try await edge.unary(request, context) { message, _ in
      Huirong_Catalog_V1_Institution(
        try await repository.institution(try Reading.institution(message.name, "name")))
    }
  }
}
