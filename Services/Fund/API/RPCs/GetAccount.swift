import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getAccount(
    request: ServerRequest<Huirong_Fund_V1_GetAccountRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Account> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.account(Wire.account(message.name, "name")))
    }
  }
}
