import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func advanceDay(
    request: ServerRequest<Huirong_Fund_V1_AdvanceDayRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_DayReport> {
    try await command(request, context) { message, _ in
      AdvanceDay(
        pool: try Wire.pool(message.pool), businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
