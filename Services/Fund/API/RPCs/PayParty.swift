import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func payParty(
    request: ServerRequest<Huirong_Fund_V1_PayPartyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Account> {
    try await command(request, context) { message, _ in
      PayParty(
        account: try Wire.account(message.name, "name"), payee: message.payee,
        amount: try Wire.money(message.hasAmount, message.amount, "amount"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
