import DemandDomain
package import GRPCCore
package import Protos
import RPCEdge

extension DemandService {
  package func watchDemands(
    request: ServerRequest<Huirong_Demand_V1_WatchDemandsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Demand_V1_WatchDemandsResponse> {
    try await edge.serverStream(request, context) { message, call, writer in
      try await repository.follow(after: message.afterSequence) { entry in
        if let visible = entry.view(for: call.caller) { try await writer.write(visible.wire) }
      }
    }
  }
}
