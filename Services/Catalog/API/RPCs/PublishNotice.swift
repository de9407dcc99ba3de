import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func publishNotice(
    request: ServerRequest<Huirong_Catalog_V1_PublishNoticeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_PolicyNotice> {
    try await edge.command(request, context, encode: Self.notice) { message, call -> CommandReply<PolicyNotice> in
      try Require.set(message.hasNotice, "notice")
      let id = message.noticeID.isEmpty ? Self.newID(call.now) : message.noticeID
      return try await repository.publishNotice(
        try PolicyNotice(id: id, message.notice), envelope: call.envelope, encode: call.encode)
    }
  }

  @Sendable static func notice(_ notice: PolicyNotice) -> Huirong_Catalog_V1_PolicyNotice { .init(notice) }
}
