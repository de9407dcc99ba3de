import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func claimGuarantee(
    request: ServerRequest<Huirong_Fund_V1_ClaimGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      try ClaimGuarantee(
        guarantee: Wire.guarantee(message.name),
        principal: Wire.money(message.hasPrincipal, message.principal, "principal"),
        interest: Wire.optionalMoney(message.hasInterest, message.interest, "interest"),
        evidence: Wire.evidence(message.evidence),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
