import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getBridgeLoan(
    request: ServerRequest<Huirong_Fund_V1_GetBridgeLoanRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await edge.unary(request, context) { message, call in
      let loan = try await repository.bridgeLoan(Wire.bridgeLoan(message.name))
      try Self.requireOwn(loan.bank, call)
      return .init(loan)
    }
  }
}
