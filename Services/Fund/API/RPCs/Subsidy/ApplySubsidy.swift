import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func applySubsidy(
    request: ServerRequest<Huirong_Fund_V1_ApplySubsidyRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyApplication> {
    try await command(request, context) { message, call in
      ApplySubsidy(
        id: Self.newID(call), programme: try Wire.id(message.programme, "subsidyProgrammes", "programme"),
        beneficiary: message.beneficiary, facts: try SubsidyFacts(message.facts),
        evidence: Wire.evidence(message.evidence),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
