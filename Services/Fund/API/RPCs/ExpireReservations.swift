import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func expireReservations(
    request: ServerRequest<Huirong_Fund_V1_ExpireReservationsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ExpireReservationsResponse> {
    try await command(request, context) { message, _ in
      try ExpireReservations(
        pool: Wire.pool(message.pool), businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
