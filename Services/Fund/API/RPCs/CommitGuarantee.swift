import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func commitGuarantee(
    request: ServerRequest<Huirong_Fund_V1_CommitGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await command(request, context) { message, _ in
      try CommitGuarantee(
        guarantee: Wire.guarantee(message.name),
        disbursed: Wire.optionalMoney(
          message.hasDisbursedPrincipal, message.disbursedPrincipal, "disbursed_principal"),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate),
        evidence: Wire.evidence(message.evidence))
    }
  }
}
