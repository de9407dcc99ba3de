import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func releaseGuarantee(
    request: ServerRequest<Huirong_Fund_V1_ReleaseGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      try ReleaseGuarantee(
        guarantee: Wire.guarantee(message.name),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
