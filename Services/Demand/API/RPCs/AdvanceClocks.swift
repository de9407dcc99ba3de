import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func advanceClocks(
    request: ServerRequest<Huirong_Demand_V1_AdvanceClocksRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_AdvanceClocksResponse> {
    try await edge.command(request, context, encode: Self.response) { message, command in
      let run = try AdvanceClocks(
        asOf: .required(message.hasAsOf, message.asOf, "as_of"), limit: Int(message.maxDemands))
      return try await repository.advance(run, envelope: command.envelope, encode: command.encode)
    }
  }

  @Sendable
  private static func response(_ missed: AdvancedClocks) -> Huirong_Demand_V1_AdvanceClocksResponse {
    .with {
      $0.names = missed.demands.map { "demands/\($0)" }
      $0.cases = missed.cases.map { "cases/\($0)" }
      $0.more = missed.more
    }
  }
}
