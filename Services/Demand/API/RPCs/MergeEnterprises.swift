import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func mergeEnterprises(
    request: ServerRequest<Huirong_Demand_V1_MergeEnterprisesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Enterprise> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      let merge = try MergeEnterprises(
        id: Self.enterpriseID(message.name), into: Self.enterpriseID(message.into, field: "into"),
        reason: message.reason)
      return try await repository.execute(.merge(merge), envelope: command.envelope, encode: command.encode)
    }
  }
}
