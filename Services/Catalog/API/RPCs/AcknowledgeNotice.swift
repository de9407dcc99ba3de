import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func acknowledgeNotice(
    request: ServerRequest<Huirong_Catalog_V1_AcknowledgeNoticeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_NoticeReceipt> {
    try await edge.command(request, context, encode: Self.receipt) {
      message, call -> CommandReply<NoticeReceipt> in
      try await repository.acknowledgeNotice(
        id: try Reading.notice(message.name), note: message.note, envelope: call.envelope, encode: call.encode)
    }
  }

  @Sendable private static func receipt(_ receipt: NoticeReceipt) -> Huirong_Catalog_V1_NoticeReceipt { .init(receipt) }
}
