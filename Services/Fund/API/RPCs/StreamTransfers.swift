import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  /// Batches of one stream that are with the writer at a time: enough for a commit group to hold several, few enough that
  /// a stream takes no more than its part of the queue.
  private static let window = 8

  package func streamTransfers(
    request: StreamingServerRequest<Huirong_Fund_V1_CreateTransfersRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Fund_V1_CreateTransfersResponse> {
    let (service, metadata) = (self, request.metadata)
    return try await edge.bidirectionalStream(request, context, endsOnDrain: false) { batches, _, writer in
      var waiting: [Task<Huirong_Fund_V1_CreateTransfersResponse, any Error>] = []
      do {
        for try await batch in batches {
          if waiting.count == Self.window { try await writer.write(waiting.removeFirst().value) }
          // Each runs at once as far as the writer's queue, so that batches are decided in the order of the stream.
          waiting.append(
            Task.immediate {
              try await service.createTransfers(
                request: ServerRequest(metadata: metadata, message: batch), context: context
              ).message
            })
        }
        while !waiting.isEmpty { try await writer.write(waiting.removeFirst().value) }
      } catch {
        for task in waiting { task.cancel() }
        throw error
      }
    }
  }
}
