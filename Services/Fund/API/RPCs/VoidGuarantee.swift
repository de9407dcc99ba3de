import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func voidGuarantee(
    request: ServerRequest<Huirong_Fund_V1_VoidGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      try VoidGuarantee(
        guarantee: Wire.guarantee(message.name), reason: message.reason,
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
