import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  /// Requests of one batch: each costs some tens of microseconds without refusals.
  private static let batchLimit = 100

  package func batchMatchProducts(
    request: ServerRequest<Huirong_Catalog_V1_BatchMatchProductsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_BatchMatchProductsResponse> {
    try await edge.unary(request, context) { message, call in
      try Require.count(message.requests.count, minimum: 1, maximum: Self.batchLimit, "requests")
      let state = live.current
      var response = Huirong_Catalog_V1_BatchMatchProductsResponse()
      for one in message.requests {
        try call.checkCancellation()
        var result = Huirong_Catalog_V1_BatchMatchResult()
        do {
          result.response = try EncodedReply.message(Self.match(one, state, call))
        } catch let error as DomainError where error.reason.kind == .malformed {
          result.error.reason = error.reason.rawValue
          result.error.field = error.field ?? ""
          result.error.message = error.message
        }
        response.results.append(result)
      }
      return response
    }
  }
}
