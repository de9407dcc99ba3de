import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension Huirong_Catalog_V1_ListProductErrorsRequest: PagedRequest {}

extension CatalogService {
  private static let reportFields: FilterFields = [
    "product": .text, "institution": .text, "state": .enumeration(ErrorReportState.allCases.map(\.key)),
  ]

  package func listProductErrors(
    request: ServerRequest<Huirong_Catalog_V1_ListProductErrorsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ListProductErrorsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = try Self.reportFilter(message.filter, call.caller)
      let rows = try await repository.errorReports(filter, after: page.cursor, limit: page.size + 1)
      let (kept, next) = page.cut(rows) { $0.id }
      var response = Huirong_Catalog_V1_ListProductErrorsResponse()
      response.reports = kept.map { .init($0) }
      response.nextPageToken = next
      return response
    }
  }

  /// An institution sees the reports of its own products; who supervises sees all; everybody else those they made.
  private static func reportFilter(_ text: String, _ caller: Caller) throws(DomainError) -> ErrorReportFilter {
    var filter = ErrorReportFilter()
    for term in try EqualityFilter.terms(text, reportFields) {
      switch (term.field, term.value) {
      case ("product", .text(let name)): filter.product = try Reading.product(name, "filter")
      case ("institution", .text(let name)): filter.institution = try Reading.institution(name, "filter")
      case ("state", .word(let word)): filter.state = ErrorReportState.allCases.first { $0.key == word }
      default: throw EqualityFilter.unsupported(term)
      }
    }
    switch caller.role {
    case .operator, .regulator, .analyst, .service: break
    case .institution:
      if let wanted = filter.institution, wanted != caller.organisation {
        throw DomainError(.outOfScope, "\(caller.organisation) sees the reports of its own products", field: "filter")
      }
      filter.institution = caller.organisation
    case .enterprise, .gridWorker, .adviser: filter.reporter = caller.organisation
    }
    return filter
  }
}
