import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func rejectCompensation(
    request: ServerRequest<Huirong_Fund_V1_RejectCompensationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Cover> {
    try await command(request, context) { message, _ in
      RejectCompensation(
        cover: try Wire.id(message.name, "covers", "name"), reason: message.reason,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
