import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Demand_V1_ListCaseStepsRequest: PagedRequest {}

extension OutreachService {
  package func listCaseSteps(
    request: ServerRequest<Huirong_Demand_V1_ListCaseStepsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ListCaseStepsResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Self.id(message.name)
      let matter = try await repository.matter(id)
      try CaseScope.require(matter, by: call.caller)
      let page = try Page(message, method: call.method)
      let (rows, next) = page.cut(
        try await repository.steps(of: id, after: page.position, limit: page.size + 1)
      ) { String($0.position) }
      return .with {
        $0.steps = rows.map { $0.item.wire(of: matter.kind) }
        $0.nextPageToken = next
      }
    }
  }
}
