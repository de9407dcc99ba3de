import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func declineGuaranteeApplication(
    request: ServerRequest<Huirong_Fund_V1_DeclineGuaranteeApplicationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_GuaranteeApplication> {
    try await command(request, context) { message, _ in
      DeclineGuaranteeApplication(
        application: try Wire.id(message.name, "guaranteeApplications", "name"), reason: message.reason,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
