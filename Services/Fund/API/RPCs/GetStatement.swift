import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getStatement(
    request: ServerRequest<Huirong_Fund_V1_GetStatementRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Statement> {
    try await edge.unary(request, context) { message, _ in
      .init(
        try await repository.statement(
          of: Wire.account(message.account), from: Wire.date(message.hasFrom, message.from, "from"),
          to: Wire.date(message.hasTo, message.to, "to")))
    }
  }
}
