import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension Huirong_Catalog_V1_ListNoticesRequest: PagedRequest {}

extension CatalogService {
  private static let noticeFields: FilterFields = [
    "kind": .enumeration(NoticeKind.allCases.map(\.key)), "state": .enumeration(NoticeState.allCases.map(\.key)),
    "region": .text, "audience": .enumeration(NoticeAudience.allCases.map(\.key)),
  ]

  package func listNotices(
    request: ServerRequest<Huirong_Catalog_V1_ListNoticesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListNoticesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let rows = try await repository.notices(
        try Self.noticeFilter(message.filter), after: page.cursor, limit: page.size + 1)
      let (kept, next) = page.cut(rows) { $0.id }
      var response = Huirong_Catalog_V1_ListNoticesResponse()
      response.notices = kept.map { .init($0) }
      response.nextPageToken = next
      return response
    }
  }

  private static func noticeFilter(_ text: String) throws(DomainError) -> NoticeFilter {
    var filter = NoticeFilter()
    for term in try EqualityFilter.terms(text, noticeFields) {
      switch (term.field, term.value) {
      case ("kind", .word(let word)): filter.kind = NoticeKind.allCases.first { $0.key == word }
      case ("state", .word(let word)): filter.state = NoticeState.allCases.first { $0.key == word }
      case ("audience", .word(let word)): filter.audience = NoticeAudience.allCases.first { $0.key == word }
      case ("region", .text(let code)):
        try RegionCode.validate(code, field: "filter")
        filter.region = code
      default: throw EqualityFilter.unsupported(term)
      }
    }
    return filter
  }
}
