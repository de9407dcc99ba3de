import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func explainMatch(
    request: ServerRequest<Huirong_Catalog_V1_ExplainMatchRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ExplainMatchResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Reading.product(message.product, "product")
      let profile = try Profile(message.firm, message.need, now: call.now)
      let state = live.current
      guard let offer = state.index.offer(id) else {
        let product = try await repository.product(id, version: nil)
        throw DomainError(
          .stateConflict, "\(product.name) is \(product.state.key), not PUBLISHED", field: "product")
      }
      let asOf = try profile.asOf ?? call.now.shanghaiDate()
      var response = Huirong_Catalog_V1_ExplainMatchResponse()
      if let refusal = Explanation.refusal(offer, profile) {
        response.ineligibility = Huirong_Catalog_V1_Ineligibility(refusal)
      } else {
        let match = CatalogIndex.rate(offer, profile, level: state.rates.level(on: asOf))
        response.match = Huirong_Catalog_V1_Match(match, rank: 1, withDetails: false)
      }
      return response
    }
  }
}
