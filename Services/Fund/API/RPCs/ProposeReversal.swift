import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func proposeReversal(
    request: ServerRequest<Huirong_Fund_V1_ProposeReversalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Reversal> {
    try await command(request, context) { message, _ in
      ProposeReversal(
        transfer: try Wire.number(message.transfer, "transfers", "transfer"),
        reason: try Wire.code(message.reason, "reason"), note: message.note,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
