import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func declineBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_DeclineBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try DeclineBridgeLoan(
        loan: Wire.bridgeLoan(message.name), reason: message.reason,
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
