import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_GetDemandHistoryRequest: PagedRequest {}

extension DemandService {
  package func getDemandHistory(
    request: ServerRequest<Huirong_Demand_V1_GetDemandHistoryRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_GetDemandHistoryResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Self.demandID(message.name)
      let page = try Page(message, method: call.method)
      _ = try DemandScope.view(try await repository.demand(id), for: call.caller)
      let history = try await repository.history(of: id, after: page.position ?? 0, limit: page.size)
      return .with {
        $0.entries = history.entries.compactMap { $0.view(for: call.caller)?.wire }
        $0.nextPageToken = history.token(page)
      }
    }
  }
}

extension HistoryPage {
  /// Where the next page begins; empty on the last one.
  func token(_ page: Page) -> String {
    guard more, let last = entries.last else { return "" }
    return page.token(after: String(last.sequence))
  }
}
