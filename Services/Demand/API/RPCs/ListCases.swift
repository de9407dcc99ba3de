import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ListCasesRequest: PagedRequest {}

extension OutreachService {
  private static let filterFields: FilterFields = [
    "kind": .enumeration(CaseKind.allCases.map { $0.rawValue.uppercased() }), "state": .text, "region_code": .text,
    "enterprise": .text, "organisation": .text, "parent": .text,
  ]

  package func listCases(
    request: ServerRequest<Huirong_Demand_V1_ListCasesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ListCasesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let query = try Self.query(
        message.filter, descending: ListFilter.isDescending(message.orderBy), page, call.caller)
      let (rows, next) = page.cut(try await repository.matters(query)) { String($0.position) }
      return .with {
        $0.cases = rows.map(\.item.wire)
        $0.nextPageToken = next
      }
    }
  }

  /// The filter of lists and exports, inside the caller's scope.
  static func query(
    _ filter: String, descending: Bool, _ page: Page, _ caller: Caller
  ) throws(DomainError) -> CaseQuery {
    let filter = try ListFilter(filter, filterFields)
    return try CaseQuery(
      kind: filter.word("kind"), state: filter.text("state"), regionPrefix: filter.region("region_code"),
      enterprise: filter.id("enterprise", in: "enterprises"), organisation: filter.text("organisation"),
      parent: filter.id("parent", in: "cases"), descending: descending, after: page.position, limit: page.size + 1,
      caller: caller)
  }
}
