import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func watchDemands(
    request: ServerRequest<Huirong_Demand_V1_WatchDemandsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Demand_V1_WatchDemandsResponse> {
    try await edge.serverStream(request, context) { message, call, writer in
      try await repository.follow(after: message.afterSequence) { entry in
        guard let visible = entry.view(for: call.caller) else { return }
        let isWhole = call.caller.role != .institution && entry.isAlikeForAll
        try await writer.write(isWhole ? watchMessages.whole(entry) : visible.wire)
      }
    }
  }
}
