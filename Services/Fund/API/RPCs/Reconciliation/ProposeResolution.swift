import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension ReconciliationService {
  package func proposeResolution(
    request: ServerRequest<Huirong_Fund_V1_ProposeResolutionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_StatementLine> {
    try await command(request, context) { message, _ in
      ProposeResolution(
        line: try Wire.id(message.name, "statementLines", "name"),
        resolution: try Wire.code(message.resolution, "resolution"), transfer: message.transfer, note: message.note)
    }
  }
}
