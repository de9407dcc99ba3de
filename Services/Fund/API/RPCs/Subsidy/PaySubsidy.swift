import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func paySubsidy(
    request: ServerRequest<Huirong_Fund_V1_PaySubsidyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyApplication> {
    try await command(request, context) { message, _ in
      PaySubsidy(
        application: try Wire.id(message.name, "subsidyApplications", "name"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
