import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension RenewalService {
  package func decideRenewal(
    request: ServerRequest<Huirong_Fund_V1_DecideRenewalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Renewal> {
    try await command(request, context) { message, _ in
      try Require.count(message.conditionsMet.count, minimum: 0, maximum: 16, "conditions_met")
      return DecideRenewal(
        renewal: try Wire.id(message.name, "renewals", "name"), isApproved: message.approved,
        conditionsMet: message.conditionsMet, reason: message.reason,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
