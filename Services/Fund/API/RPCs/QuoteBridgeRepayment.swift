import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func quoteBridgeRepayment(
    request: ServerRequest<Huirong_Fund_V1_QuoteBridgeRepaymentRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeLoan> {
    try await edge.unary(request, context) { message, call in
      let loan = try await repository.quote(
        bridgeLoan: Wire.bridgeLoan(message.name), on: Wire.date(message.hasBusinessDate, message.businessDate))
      try Self.requireOwn(loan.bank, call)
      return .init(loan)
    }
  }
}
