import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func reclassifyEnterprise(
    request: ServerRequest<Huirong_Demand_V1_ReclassifyEnterpriseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Enterprise> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      let reclassify = EnterpriseCommand.reclassify(
        try ReclassifyEnterprise(
          id: Self.enterpriseID(message.name), asOf: .required(message.hasAsOf, message.asOf, "as_of"),
          reason: message.reason))
      if message.validateOnly {
        return .fresh(try await repository.preview(reclassify, caller: command.caller, now: command.now))
      }
      return try await repository.execute(reclassify, envelope: command.envelope, encode: command.encode)
    }
  }
}
