import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension Huirong_Catalog_V1_ListProductVersionsRequest: PagedRequest {}

extension CatalogService {
  package func listProductVersions(
    request: ServerRequest<Huirong_Catalog_V1_ListProductVersionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListProductVersionsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let rows = try await repository.versions(
        of: try Reading.product(message.name), after: page.cursor.flatMap { Int($0) } ?? 0, limit: page.size + 1,
        sight: Sight(call.caller))
      let (kept, next) = page.cut(rows) { "\($0.version)" }
      var response = Huirong_Catalog_V1_ListProductVersionsResponse()
      response.products = kept.map { Huirong_Catalog_V1_Product($0) }
      response.nextPageToken = next
      return response
    }
  }
}
