import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_SearchDemandsRequest: PagedRequest {}

extension DemandService {
  private static let searchFields: FilterFields = [
    "state": .enumeration(DemandState.allCases.map { $0.rawValue.uppercased() }), "region_code": .text,
  ]

  package func searchDemands(
    request: ServerRequest<Huirong_Demand_V1_SearchDemandsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_SearchDemandsResponse> {
    try await edge.unaryEncoded(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = try ListFilter(message.filter, Self.searchFields)
      let query = try DemandQuery(
        state: filter.word("state"), regionPrefix: filter.region("region_code"), after: page.position,
        limit: page.size + 1
      ).scoped(to: call.caller)
      let search = try DemandSearch(message.query, query: query)
      let (rows, next) = page.cut(try await repository.search(search, for: call.caller)) { String($0.position) }
      return try Self.page(rows, next: next, for: call.caller)
    }
  }
}
