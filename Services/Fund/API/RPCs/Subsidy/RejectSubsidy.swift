import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func rejectSubsidy(
    request: ServerRequest<Huirong_Fund_V1_RejectSubsidyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyApplication> {
    try await command(request, context) { message, _ in
      RejectSubsidy(
        application: try Wire.id(message.name, "subsidyApplications", "name"), reason: message.reason,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
