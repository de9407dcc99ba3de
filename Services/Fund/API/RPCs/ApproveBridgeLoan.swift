import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func approveBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_ApproveBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try ApproveBridgeLoan(
        loan: Wire.bridgeLoan(message.name),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
