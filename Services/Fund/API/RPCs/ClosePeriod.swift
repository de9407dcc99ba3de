import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func closePeriod(
    request: ServerRequest<Huirong_Fund_V1_ClosePeriodRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_PeriodClose> {
    try await command(request, context) { message, _ in
      ClosePeriod(
        pool: try Wire.pool(message.pool), through: try Wire.date(message.hasThrough, message.through, "through"))
    }
  }
}
