import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func approveClaim(
    request: ServerRequest<Huirong_Fund_V1_ApproveClaimRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      try ApproveClaim(
        guarantee: Wire.guarantee(message.name),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
