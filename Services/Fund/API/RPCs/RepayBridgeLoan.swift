import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func repayBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_RepayBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try RepayBridgeLoan(
        loan: Wire.bridgeLoan(message.name), amount: Wire.money(message.hasAmount, message.amount, "amount"),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
