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
    let service = self
    return try await stream(request, context) { try await service.createTransfers(request: $0, context: context) }
  }

  /// Every batch of a stream as a call of its own, answered in the order of the stream.
  func stream<Batch: Sendable, Results: Sendable>(
    _ request: StreamingServerRequest<Batch>, _ context: ServerContext,
    _ create: @escaping @Sendable (ServerRequest<Batch>) async throws -> ServerResponse<Results>
  ) async throws -> StreamingServerResponse<Results> {
    let metadata = request.metadata
    return try await edge.bidirectionalStream(request, context, endsOnDrain: false) { batches, _, writer in
      var waiting: [Task<Results, any Error>] = []
      do {
        for try await batch in batches {
          if waiting.count == Self.window { try await writer.write(waiting.removeFirst().value) }
          // Each runs at once as far as the writer's queue, so that batches are decided in the order of the stream.
          waiting.append(
            Task.immediate { try await create(ServerRequest(metadata: metadata, message: batch)).message })
        }
        while !waiting.isEmpty { try await writer.write(waiting.removeFirst().value) }
      } catch {
        for task in waiting { task.cancel() }
        throw error
      }
    }
  }
}
