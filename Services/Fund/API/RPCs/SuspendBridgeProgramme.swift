import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func suspendBridgeProgramme(
    request: ServerRequest<Huirong_Fund_V1_SuspendBridgeProgrammeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeProgramme> {
    try await command(request, context) { message, _ in
      SuspendBridgeProgramme(
        programme: try Wire.programme(message.name, "name"), bank: message.bank, isSuspended: message.suspended,
        reason: message.reason, businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
