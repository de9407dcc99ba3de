import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func verifyEnterprise(
    request: ServerRequest<Huirong_Demand_V1_VerifyEnterpriseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Enterprise> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      let verify = try VerifyEnterprise(
        id: Self.enterpriseID(message.name), evidence: Evidence(message.evidence, field: "evidence"),
        checkedOn: .required(message.hasCheckedOn, message.checkedOn, "checked_on"),
        reason: message.reason)
      return try await repository.execute(.verify(verify), envelope: command.envelope, encode: command.encode)
    }
  }
}
