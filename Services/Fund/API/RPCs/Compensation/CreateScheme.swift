import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func createScheme(
    request: ServerRequest<Huirong_Fund_V1_CreateSchemeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_CompensationScheme> {
    try await command(request, context) { message, _ in
      CreateCompensationScheme(
        id: message.schemeID, pool: try Wire.pool(message.pool), displayName: message.displayName,
        product: message.product, explicitRatio: Wire.optionalRate(message.hasExplicitRatio, message.explicitRatio),
        paysProvincialReward: message.paysProvincialReward,
        firmCap: try Wire.optionalMoney(message.hasFirmCap, message.firmCap, "firm_cap"),
        poolCap: try Wire.optionalMoney(message.hasPoolCap, message.poolCap, "pool_cap"),
        stopLoss: Wire.optionalRate(message.hasStopLoss, message.stopLoss),
        registrationDays: message.hasRegistrationDays ? Int64(message.registrationDays) : nil,
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
