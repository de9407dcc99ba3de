import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func createPool(
    request: ServerRequest<Huirong_Fund_V1_CreatePoolRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Pool> {
    try await command(request, context) { message, _ in
      try CreatePool(
        id: message.poolID, displayName: message.displayName, regionCode: message.regionCode,
        seedCapital: Wire.money(message.hasSeedCapital, message.seedCapital, "seed_capital"),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
