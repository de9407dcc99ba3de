import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func calculateAnnualCost(
    request: ServerRequest<Huirong_Catalog_V1_CalculateAnnualCostRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_AnnualCost> {
    try await edge.unary(request, context) { message, call in
      let id = try Reading.product(message.product, "product")
      if message.version < 0 { throw DomainError.invalid("version", "0 for the one in force, or a version") }
      try Require.set(message.hasAmount, "amount")
      try Require.set(message.hasTenor, "tenor")
      var product = try await repository.product(id, version: message.version == 0 ? nil : Int(message.version))
      if message.version == 0, product.publishedVersion > 0, product.publishedVersion != product.version {
        product = try await repository.product(id, version: product.publishedVersion)
      }
      let cost = try AnnualCost.of(
        product.terms, amount: try Money.positive(message.amount, field: "amount"),
        tenor: try Tenor(message.tenor, "tenor"),
        start: try Reading.day(message.hasStart, message.start, "start", now: call.now), references: live.current.rates)
      return Huirong_Catalog_V1_AnnualCost(cost, product: product)
    }
  }
}
