import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension ReconciliationService {
  package func approveResolution(
    request: ServerRequest<Huirong_Fund_V1_ApproveResolutionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_StatementLine> {
    try await command(request, context) { message, _ in
      ApproveResolution(
        line: try Wire.id(message.name, "statementLines", "name"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
