import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func expireDemands(
    request: ServerRequest<Huirong_Demand_V1_ExpireDemandsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ExpireDemandsResponse> {
    try await edge.command(request, context, encode: Self.response) { message, command in
      let run = try ExpireDemands(
        asOf: .required(message.hasAsOf, message.asOf, "as_of"), limit: Int(message.maxDemands))
      return try await repository.expire(run, envelope: command.envelope, encode: command.encode)
    }
  }

  @Sendable
  private static func response(_ expired: ExpiredDemands) -> Huirong_Demand_V1_ExpireDemandsResponse {
    .with {
      $0.names = expired.ids.map { "demands/\($0)" }
      $0.more = expired.more
    }
  }
}
