import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func projectSolvency(
    request: ServerRequest<Huirong_Fund_V1_ProjectSolvencyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SolvencyProjection> {
    try await edge.unary(request, context) { message, _ in
      .init(
        try await repository.projection(
          ofPool: Wire.pool(message.pool), from: Wire.date(message.hasFrom, message.from, "from"),
          days: Int(message.days),
          expectedRate: Wire.optionalRate(message.hasExpectedClaimRate, message.expectedClaimRate)))
    }
  }
}
