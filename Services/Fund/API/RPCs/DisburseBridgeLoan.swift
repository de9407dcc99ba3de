import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func disburseBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_DisburseBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try DisburseBridgeLoan(
        loan: Wire.bridgeLoan(message.name), days: Int(message.days),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
