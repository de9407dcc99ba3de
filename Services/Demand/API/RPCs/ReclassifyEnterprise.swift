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
        ReclassifyEnterprise(
          id: try Self.enterpriseID(message.name), asOf: try .required(message.hasAsOf, message.asOf, "as_of")))
      if message.validateOnly {
        return .fresh(try await repository.preview(reclassify, caller: command.caller, now: command.now))
      }
      return try await repository.execute(reclassify, envelope: command.envelope, encode: command.encode)
    }
  }
}
