import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension ReconciliationService {
  package func getBankStatement(
    request: ServerRequest<Huirong_Fund_V1_GetBankStatementRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BankStatement> {
    try await edge.unary(request, context) { message, _ in
      let id = try Wire.id(message.name, "bankStatements", "name")
      let found = try await repository.record(BankStatement.self, id, in: "bankStatements")
      return .init(found)
    }
  }
}
