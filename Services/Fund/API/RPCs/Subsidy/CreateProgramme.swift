import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func createProgramme(
    request: ServerRequest<Huirong_Fund_V1_CreateProgrammeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyProgramme> {
    try await command(request, context) { message, _ in
      CreateSubsidyProgramme(
        id: message.programmeID, pool: try Wire.pool(message.pool), displayName: message.displayName,
        kind: try Wire.code(message.kind, "kind"), allocation: try Wire.code(message.allocation, "allocation"),
        budget: try Wire.money(message.hasBudget, message.budget, "budget"),
        explicitRate: Wire.optionalRate(message.hasExplicitRate, message.explicitRate),
        explicitCap: try Wire.optionalMoney(message.hasExplicitCap, message.explicitCap, "explicit_cap"),
        opensOn: try Wire.date(message.hasOpensOn, message.opensOn, "opens_on"),
        closesOn: try Wire.date(message.hasClosesOn, message.closesOn, "closes_on"))
    }
  }
}
