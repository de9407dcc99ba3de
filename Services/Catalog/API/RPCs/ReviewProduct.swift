import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func reviewProduct(
    request: ServerRequest<Huirong_Catalog_V1_ReviewProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.command(request, context, encode: Self.product) { message, call -> CommandReply<Product> in
      await settle(
        try await repository.reviewProduct(
          id: try Reading.product(message.name),
          verdict: try Reading.value(message.decision.rawValue, as: ReviewVerdict.self, "decision"), note: message.note,
          etag: message.etag, envelope: call.envelope, encode: call.encode))
    }
  }
}
