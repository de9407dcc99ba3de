import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getGuarantee(
    request: ServerRequest<Huirong_Fund_V1_GetGuaranteeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Guarantee> {
    try await edge.unary(request, context) { message, call in
      let guarantee = try await repository.guarantee(Wire.guarantee(message.name))
      try Self.requireOwn(guarantee.lender, call)
      return .init(guarantee)
    }
  }
}
