import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_GetEnterpriseHistoryRequest: PagedRequest {}

extension DemandService {
  package func getEnterpriseHistory(
    request: ServerRequest<Huirong_Demand_V1_GetEnterpriseHistoryRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_GetEnterpriseHistoryResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Self.enterpriseID(message.name)
      let page = try Page(message, method: call.method)
      try DemandScope.requireView(of: try await repository.enterprise(id), by: call.caller)
      let history = try await repository.enterpriseHistory(of: id, after: page.position ?? 0, limit: page.size)
      return .with {
        // A firm that has moved here shows where it came from.
        $0.entries = history.entries.map(\.wire)
        $0.nextPageToken = history.token(page)
      }
    }
  }
}
