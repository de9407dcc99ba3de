import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension Huirong_Catalog_V1_ListNoticeReceiptsRequest: PagedRequest {}

extension CatalogService {
  package func listNoticeReceipts(
    request: ServerRequest<Huirong_Catalog_V1_ListNoticeReceiptsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListNoticeReceiptsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let rows = try await repository.noticeReceipts(
        of: try Reading.notice(message.name), pendingOnly: message.pendingOnly, after: page.cursor, limit: page.size + 1
      )
      let (kept, next) = page.cut(rows) { $0.organisation }
      var response = Huirong_Catalog_V1_ListNoticeReceiptsResponse()
      response.receipts = kept.map { .init($0) }
      response.nextPageToken = next
      return response
    }
  }
}
