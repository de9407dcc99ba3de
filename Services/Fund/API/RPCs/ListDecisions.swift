import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListDecisionsRequest: PagedRequest {}

extension FundService {
  package func listDecisions(
    request: ServerRequest<Huirong_Fund_V1_ListDecisionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListDecisionsResponse> {
    try await records(request, context, of: Decision.self) { message, _ in
      RecordQuery(
        pool: message.pool.isEmpty ? nil : try Wire.pool(message.pool),
        owner: message.subject.isEmpty ? nil : message.subject,
        state: try Wire.optionalCode(message.state, "state", as: DecisionState.self)?.rawValue)
    } _: { found, next in
      .with {
        $0.decisions = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
