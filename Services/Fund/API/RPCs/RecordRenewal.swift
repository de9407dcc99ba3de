import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func recordRenewal(
    request: ServerRequest<Huirong_Fund_V1_RecordRenewalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await command(request, context) { message, _ in
      try RecordRenewal(
        loan: Wire.bridgeLoan(message.name), outcome: Wire.code(message.outcome, "outcome"), newLoan: message.newLoan,
        amount: Wire.optionalMoney(message.hasAmount, message.amount, "amount"),
        renewedOn: message.hasRenewedOn ? Wire.date(true, message.renewedOn, "renewed_on") : nil,
        reason: message.reason, evidence: Wire.evidence(message.evidence),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
