import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func withdrawDecision(
    request: ServerRequest<Huirong_Fund_V1_WithdrawDecisionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Decision> {
    try await command(request, context) { message, _ in
      WithdrawDecision(
        decision: try Wire.id(message.name, "decisions", "name"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
