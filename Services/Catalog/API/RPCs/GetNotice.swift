import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func getNotice(
    request: ServerRequest<Huirong_Catalog_V1_GetNoticeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_PolicyNotice> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.notice(try Reading.notice(message.name)))
    }
  }
}
