import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension Huirong_Catalog_V1_ListInstitutionsRequest: PagedRequest {}

extension CatalogService {
  private static let institutionFields: FilterFields = [
    "kind": .enumeration(InstitutionKind.allCases.map(\.key)), "region": .text, "government_backed": .boolean,
  ]

  package func listInstitutions(
    request: ServerRequest<Huirong_Catalog_V1_ListInstitutionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListInstitutionsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let rows = try await repository.institutions(
        try Self.institutionFilter(message.filter), after: page.cursor, limit: page.size + 1)
      let (kept, next) = page.cut(rows) { $0.id }
      var response = Huirong_Catalog_V1_ListInstitutionsResponse()
      response.institutions = kept.map { Huirong_Catalog_V1_Institution($0) }
      response.nextPageToken = next
      return response
    }
  }

  private static func institutionFilter(_ text: String) throws(DomainError) -> InstitutionFilter {
    var filter = InstitutionFilter()
    for term in try EqualityFilter.terms(text, institutionFields) {
      switch (term.field, term.value) {
      case ("kind", .word(let word)): filter.kind = InstitutionKind.allCases.first { $0.key == word }
      case ("region", .text(let code)):
        try RegionCode.validate(code, field: "filter")
        filter.region = code
      case ("government_backed", .integer(let flag)): filter.governmentBacked = flag == 1
      default: throw EqualityFilter.unsupported(term)
      }
    }
    return filter
  }
}
