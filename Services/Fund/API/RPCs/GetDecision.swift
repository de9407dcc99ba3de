import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getDecision(
    request: ServerRequest<Huirong_Fund_V1_GetDecisionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Decision> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.record(Decision.self, Wire.id(message.name, "decisions", "name"), in: "decisions"))
    }
  }
}
