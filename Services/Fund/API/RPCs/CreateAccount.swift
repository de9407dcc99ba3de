import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func createAccount(
    request: ServerRequest<Huirong_Fund_V1_CreateAccountRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Account> {
    try await command(request, context) { message, _ in
      try CreateAccount(
        pool: Wire.pool(message.pool), code: message.code, displayName: message.displayName,
        normalSide: Wire.code(message.normalSide, "normal_side"), limit: Wire.code(message.limit, "limit"))
    }
  }
}
