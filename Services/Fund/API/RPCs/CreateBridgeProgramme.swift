import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func createBridgeProgramme(
    request: ServerRequest<Huirong_Fund_V1_CreateBridgeProgrammeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeProgramme> {
    try await command(request, context) { message, _ in
      var command = try CreateBridgeProgramme(
        id: message.programmeID, pool: Wire.pool(message.pool), displayName: message.displayName,
        product: message.product,
        explicitDailyFee: Wire.optionalRate(message.hasExplicitDailyFee, message.explicitDailyFee),
        explicitMaximumDays: message.explicitMaximumDays == 0 ? nil : Int(message.explicitMaximumDays),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
      command.penaltyRate = Wire.optionalRate(message.hasPenaltyRate, message.penaltyRate)
      return command
    }
  }
}
