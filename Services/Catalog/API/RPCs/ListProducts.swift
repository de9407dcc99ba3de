import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension Huirong_Catalog_V1_ListProductsRequest: PagedRequest {}

extension CatalogService {
  private static let productFields: FilterFields = [
    "institution": .text, "instrument": .enumeration(Instrument.allCases.map(\.key)),
    "state": .enumeration(ProductState.allCases.map(\.key)), "region": .text, "updated_since": .date,
  ]

  package func listProducts(
    request: ServerRequest<Huirong_Catalog_V1_ListProductsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListProductsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      var filter = try Self.productFilter(message.filter)
      if message.effective != .unspecified {
        filter.effective = try Reading.value(message.effective.rawValue, as: EffectiveFilter.self, "effective")
      }
      filter.asOf = try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now)
      if message.hasUpdatedSince { filter.updatedSinceTime = try Instant(message.updatedSince, field: "updated_since") }
      let rows = try await repository.products(
        filter, after: page.cursor.map(Self.cursor), limit: page.size + 1, sight: Sight(call.caller))
      let (kept, next) = page.cut(rows) { filter.effective == nil ? $0.id : "\($0.id)/\($0.version)" }
      var response = Huirong_Catalog_V1_ListProductsResponse()
      response.products = kept.map { Huirong_Catalog_V1_Product($0) }
      response.nextPageToken = next
      return response
    }
  }

  /// An id, or an id with its version where the list holds versions.
  private static func cursor(_ text: String) -> ProductCursor {
    let parts = text.split(separator: "/")
    return ProductCursor(id: String(parts.first ?? ""), version: parts.count == 2 ? Int(parts[1]) ?? 0 : 0)
  }

  static func productFilter(_ text: String) throws(DomainError) -> ProductFilter {
    var filter = ProductFilter()
    for term in try EqualityFilter.terms(text, productFields) {
      switch (term.field, term.value) {
      case ("institution", .text(let name)): filter.institution = try Reading.institution(name, "filter")
      case ("instrument", .word(let word)): filter.instrument = Instrument.allCases.first { $0.key == word }
      case ("state", .word(let word)): filter.state = ProductState.allCases.first { $0.key == word }
      case ("region", .text(let code)):
        try RegionCode.validate(code, field: "filter")
        filter.region = code
      case ("updated_since", .text(let day)): filter.updatedSince = try BusinessDate(iso: day, field: "filter")
      default: throw EqualityFilter.unsupported(term)
      }
    }
    return filter
  }
}
