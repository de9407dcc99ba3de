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
      let product = try await priced(id, version: Int(message.version), call.caller)
      let question = CostQuestion(
        amount: try Money.positive(message.amount, field: "amount"), tenor: try Tenor(message.tenor, "tenor"),
        start: try Reading.day(message.hasStart, message.start, "start", now: call.now),
        repayment: message.repayment == .unspecified
          ? nil : try Reading.value(message.repayment.rawValue, as: RepaymentMethod.self, "repayment"),
        firm: message.hasFirm ? try Profile(firm: message.firm) : nil)
      let cost = try AnnualCost.of(product.terms, question, references: live.current.rates)
      return Huirong_Catalog_V1_AnnualCost(cost, product: product, withSchedule: message.includeSchedule)
    }
  }

  /// The version asked for; 0 is the published one, or the latest that the caller may see when none is.
  func priced(_ id: String, version: Int, _ caller: Caller) async throws -> Product {
    let sight = Sight(caller)
    let product = try await repository.product(id, version: version == 0 ? nil : version, sight: sight)
    if version == 0, product.publishedVersion > 0, product.publishedVersion != product.version {
      return try await repository.product(id, version: product.publishedVersion, sight: sight)
    }
    return product
  }
}
