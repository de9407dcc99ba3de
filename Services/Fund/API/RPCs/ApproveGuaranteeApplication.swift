import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func approveGuaranteeApplication(
    request: ServerRequest<Huirong_Fund_V1_ApproveGuaranteeApplicationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_GuaranteeApplication> {
    try await command(request, context) { message, _ in
      ApproveGuaranteeApplication(
        application: try Wire.id(message.name, "guaranteeApplications", "name"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
