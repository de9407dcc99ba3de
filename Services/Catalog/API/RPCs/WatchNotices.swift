import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func watchNotices(
    request: ServerRequest<Huirong_Catalog_V1_WatchNoticesRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Catalog_V1_WatchNoticesResponse> {
    try await edge.serverStream(request, context) { message, call, writer in
      let caller = call.caller
      try await repository.watch(after: message.afterSequence) { event in
        guard case .notice(let notice) = event.subject,
          event.type != CatalogEventKind.noticeAcknowledged.rawValue, notice.isFor(caller)
        else { return }
        var response = Huirong_Catalog_V1_WatchNoticesResponse()
        response.header = .init(event)
        response.notice = .init(notice)
        try await writer.write(response)
      }
    }
  }
}
