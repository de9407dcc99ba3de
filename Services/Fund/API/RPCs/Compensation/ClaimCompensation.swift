import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func claimCompensation(
    request: ServerRequest<Huirong_Fund_V1_ClaimCompensationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Cover> {
    try await command(request, context) { message, _ in
      ClaimCompensation(
        cover: try Wire.id(message.name, "covers", "name"),
        principal: try Wire.money(message.hasPrincipal, message.principal, "principal"),
        evidence: Wire.evidence(message.evidence),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
