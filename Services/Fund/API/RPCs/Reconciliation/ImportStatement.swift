import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension ReconciliationService {
  package func importStatement(
    request: ServerRequest<Huirong_Fund_V1_ImportStatementRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BankStatement> {
    try await command(request, context) { message, _ in
      ImportStatement(
        pool: try Wire.pool(message.pool), statementID: message.statementID,
        format: try Wire.code(message.format, "format"), content: Array(message.content),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
