import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func checkCreditConsents(
    request: ServerRequest<Huirong_Demand_V1_CheckCreditConsentsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_CheckCreditConsentsResponse> {
    try await edge.unary(request, context) { message, call in
      let enterprise = try await repository.enterprise(try Self.enterpriseID(message.name))
      try DemandScope.requireView(of: enterprise, by: call.caller)
      let institution = message.institution.isEmpty ? call.caller.organisation : message.institution
      guard call.caller.role != .institution || institution == call.caller.organisation else {
        throw DomainError(.outOfScope, "\(call.caller.organisation) asks for itself only", field: "institution")
      }
      let date = try BusinessDate.optional(message.hasAsOf, message.asOf, "as_of") ?? call.now.shanghaiDate()
      let answer = try CreditConsents.check(enterprise, by: institution, policy: policy, on: date)
      return .with {
        $0.allowed = answer.missing.isEmpty
        $0.missing = answer.missing.map(\.wire)
        $0.citations = answer.citations.map(\.wire)
      }
    }
  }
}
