import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func extendBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_ExtendBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      ExtendBridgeLoan(
        loan: try Wire.bridgeLoan(message.name), dueOn: try Wire.date(message.hasDueOn, message.dueOn, "due_on"),
        reason: message.reason, businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
