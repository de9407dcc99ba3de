import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func recordReferenceRates(
    request: ServerRequest<Huirong_Catalog_V1_RecordReferenceRatesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_RecordReferenceRatesResponse> {
    try await edge.command(request, context, encode: Self.recorded) { message, call -> CommandReply<Int> in
      try Require.count(message.rates.count, minimum: 1, maximum: CatalogLimits.referenceRates, "rates")
      let rates = try Reading.each(message.rates, "rates") { rate, path throws(DomainError) in
        try ReferenceRate(rate, path)
      }
      return await settle(
        try await repository.recordReferenceRates(rates, envelope: call.envelope, encode: call.encode))
    }
  }

  @Sendable
  private static func recorded(_ count: Int) -> Huirong_Catalog_V1_RecordReferenceRatesResponse {
    var response = Huirong_Catalog_V1_RecordReferenceRatesResponse()
    response.recorded = Int32(clamping: count)
    return response
  }
}
