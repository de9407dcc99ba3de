import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func watchFund(
    request: ServerRequest<Huirong_Fund_V1_WatchFundRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Fund_V1_FundEvent> {
    let repository = repository
    return try await edge.serverStream(request, context) { message, _, writer in
      guard message.afterSequence >= 0 else {
        throw DomainError.invalid("after_sequence", "must not be negative: \(message.afterSequence)")
      }
      for try await event in repository.watch(after: message.afterSequence) { try await writer.write(.init(event)) }
    }
  }
}
