import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func createFacility(
    request: ServerRequest<Huirong_Fund_V1_CreateFacilityRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Facility> {
    try await command(request, context) { message, _ in
      var command = try CreateFacility(
        id: message.facilityID, pool: Wire.pool(message.pool), displayName: message.displayName, bank: message.bank,
        product: message.product, relendingScope: message.relendingScope, shares: LiabilityShares(message.shares),
        feeRate: Wire.rate(message.hasFeeRate, message.feeRate, "fee_rate"),
        reguaranteeFeeRate: Rate(message.reguaranteeFeeRate),
        explicitFeeCap: Wire.optionalRate(message.hasExplicitFeeCap, message.explicitFeeCap),
        claimRateCap: Wire.optionalRate(message.hasClaimRateCap, message.claimRateCap),
        claimRateBasis: Wire.code(message.claimRateBasis, "claim_rate_basis"),
        limit: Wire.money(message.hasLimit, message.limit, "limit"),
        explicitDayCount: Wire.optionalCode(message.explicitDayCount, "explicit_day_count"),
        contracting: Wire.code(message.contracting, "contracting"),
        businessDate: Wire.date(message.hasBusinessDate, message.businessDate))
      command.explicitReguaranteeDayCount = try Wire.optionalCode(
        message.explicitReguaranteeDayCount, "explicit_reguarantee_day_count")
      command.borrowerCap = try Wire.optionalMoney(message.hasBorrowerCap, message.borrowerCap, "borrower_cap")
      return command
    }
  }
}
