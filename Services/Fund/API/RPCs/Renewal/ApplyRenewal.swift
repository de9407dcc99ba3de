import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension RenewalService {
  package func applyRenewal(
    request: ServerRequest<Huirong_Fund_V1_ApplyRenewalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Renewal> {
    try await command(request, context) { message, call in
      ApplyRenewal(
        id: Self.newID(call), bank: message.bank, firm: message.firm, loanNumber: message.loanNumber,
        amount: try Wire.money(message.hasAmount, message.amount, "amount"),
        maturesOn: try Wire.date(message.hasMaturesOn, message.maturesOn, "matures_on"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
