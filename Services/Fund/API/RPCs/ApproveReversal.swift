import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func approveReversal(
    request: ServerRequest<Huirong_Fund_V1_ApproveReversalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Reversal> {
    try await command(request, context) { message, _ in
      ApproveReversal(
        transfer: try Wire.number(message.name, "reversals"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
