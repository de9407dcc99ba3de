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
      let asOf = if let day = profile.asOf { day } else { try call.now.shanghaiDate() }
      let offer = try await published(id, on: asOf, state, call.caller)
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

  /// The version of a product in force on a day, or its latest published one.
  /// - Throws: `RESOURCE_NOT_FOUND`; `STATE_CONFLICT` when it is not published.
  func published(
    _ id: String, on day: BusinessDate, _ state: LiveCatalog.State, _ caller: Caller
  ) async throws -> Offer {
    if let offer = state.index.offer(id, on: day) { return offer }
    let product = try await repository.product(id, version: nil, sight: Sight(caller))
    throw DomainError(
      .stateConflict, "\(product.name) is \(product.publicState.key), not PUBLISHED", field: "product")
  }
}
