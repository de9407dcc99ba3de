import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func commitRenewal(
    request: ServerRequest<Huirong_Fund_V1_CommitRenewalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try CommitRenewal(
        loan: Wire.bridgeLoan(message.name), amount: Wire.money(message.hasAmount, message.amount, "amount"),
        expiresOn: Wire.date(message.hasExpiresOn, message.expiresOn, "expires_on"), condition: message.condition,
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
