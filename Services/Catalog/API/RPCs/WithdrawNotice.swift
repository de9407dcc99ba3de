import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func withdrawNotice(
    request: ServerRequest<Huirong_Catalog_V1_WithdrawNoticeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_PolicyNotice> {
    try await edge.command(request, context, encode: Self.notice) { message, call -> CommandReply<PolicyNotice> in
      try await repository.withdrawNotice(
        id: try Reading.notice(message.name), etag: message.etag, reason: message.reason, envelope: call.envelope,
        encode: call.encode)
    }
  }
}
