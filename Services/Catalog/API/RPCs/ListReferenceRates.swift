import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func listReferenceRates(
    request: ServerRequest<Huirong_Catalog_V1_ListReferenceRatesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListReferenceRatesResponse> {
    try await edge.unary(request, context) { message, _ in
      let wanted =
        message.basis == .unspecified
        ? nil : try Reading.value(message.basis.rawValue, as: RateBasis.self, "basis")
      var response = Huirong_Catalog_V1_ListReferenceRatesResponse()
      response.rates = live.current.rates.rates.filter { wanted == nil || $0.basis == wanted }
        .map { Huirong_Catalog_V1_ReferenceRate($0) }
      return response
    }
  }
}
