import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func approveCompensation(
    request: ServerRequest<Huirong_Fund_V1_ApproveCompensationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Cover> {
    try await command(request, context) { message, _ in
      ApproveCompensation(
        cover: try Wire.id(message.name, "covers", "name"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
