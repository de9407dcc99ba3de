import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func resetBreaker(
    request: ServerRequest<Huirong_Fund_V1_ResetBreakerRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Facility> {
    try await command(request, context) { message, _ in
      try ResetBreaker(
        facility: Wire.facility(message.name, "name"), reason: message.reason,
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
