import FundDomain
import GRPCCore
import Kernel
package import PlainRPC
import Protos
import RPCEdge
import SwiftProtobuf

/// Batches of transfers over the plain wire, from bytes to bytes.
extension FundService {
  /// The service's methods, those that take batches with a way of their own.
  package var plainMethods: [PlainMethod] {
    let service = self
    let own: [PlainMethod] = [
      .unary(Huirong_Fund_V1_FundService.PlainDescriptor.createTransfers) { request, context in
        try await service.createTransfers(batch: request, context: context)
      },
      .bidirectionalStreaming(Huirong_Fund_V1_FundService.PlainDescriptor.streamTransfers) { request, context in
        try await service.streamTransfers(batches: request, context: context)
      },
    ]
    let names = Set(own.map(\.descriptor.fullName))
    return Huirong_Fund_V1_FundService.plainMethods(self).filter { !names.contains($0.descriptor.fullName) } + own
  }

  private func createTransfers(
    batch request: ServerRequest<TransferBatch>, context: ServerContext
  ) async throws -> ServerResponse<TransferBatchResults> {
    guard let drafts = request.message.drafts() else {
      return try await createTransfers(message: request, context: context)
    }
    return try await edge.command(request, context, encode: TransferBatchResults.init(_:)) { _, call in
      try await repository.execute(CreateTransfers(drafts), envelope: call.envelope, encode: call.encode)
    }
  }

  /// The same by way of the message.
  private func createTransfers(
    message request: ServerRequest<TransferBatch>, context: ServerContext
  ) async throws -> ServerResponse<TransferBatchResults> {
    let message: Huirong_Fund_V1_CreateTransfersRequest
    do {
      message = try request.message.message()
    } catch {
      throw RPCError(code: .invalidArgument, message: "the request message cannot be decoded")
    }
    let response = try await createTransfers(
      request: ServerRequest(metadata: request.metadata, message: message), context: context)
    return ServerResponse(
      message: TransferBatchResults(encoded: try response.message.serializedBytes()), metadata: response.metadata)
  }

  private func streamTransfers(
    batches request: StreamingServerRequest<TransferBatch>, context: ServerContext
  ) async throws -> StreamingServerResponse<TransferBatchResults> {
    let service = self
    return try await stream(request, context) { try await service.createTransfers(batch: $0, context: context) }
  }
}
