import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  private static let compared = 2...8

  package func compareProducts(
    request: ServerRequest<Huirong_Catalog_V1_CompareProductsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_CompareProductsResponse> {
    try await edge.unary(request, context) { message, call in
      try Require.count(
        message.names.count, minimum: Self.compared.lowerBound, maximum: Self.compared.upperBound, "names")
      guard Set(message.names).count == message.names.count else {
        throw DomainError.invalid("names", "a product is named twice")
      }
      var products: [Product] = []
      for (index, name) in message.names.enumerated() {
        products.append(try await priced(try Reading.product(name, "names[\(index)]"), version: 0, call.caller))
      }
      var response = Huirong_Catalog_V1_CompareProductsResponse()
      response.products = products.map { .init($0) }
      response.rows = try FieldTable(products.map { .init($0.terms) }).rows.map { row in
        .with {
          $0.field = row.field
          $0.values = row.values
          $0.differs = row.differs
        }
      }
      if message.hasAmount {
        let question = try Self.question(message, now: call.now)
        response.costs = products.map { Self.cost($0, question, live.current.rates) }
      }
      return response
    }
  }

  private static func question(
    _ message: Huirong_Catalog_V1_CompareProductsRequest, now: Instant
  ) throws(DomainError) -> CostQuestion {
    try Require.set(message.hasTenor, "tenor")
    return CostQuestion(
      amount: try Money.positive(message.amount, field: "amount"), tenor: try Tenor(message.tenor, "tenor"),
      start: try Reading.day(message.hasStart, message.start, "start", now: now),
      firm: message.hasFirm ? try Profile(firm: message.firm) : nil)
  }

  private static func cost(
    _ product: Product, _ question: CostQuestion, _ rates: ReferenceRateTable
  ) -> Huirong_Catalog_V1_ComparedCost {
    var compared = Huirong_Catalog_V1_ComparedCost()
    compared.product = product.name
    do throws(DomainError) {
      compared.cost = .init(try AnnualCost.of(product.terms, question, references: rates), product: product)
    } catch { compared.problem = error.message }
    return compared
  }
}
