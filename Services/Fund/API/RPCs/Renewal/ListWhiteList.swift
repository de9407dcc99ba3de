import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListWhiteListRequest: PagedRequest {}

extension RenewalService {
  package func listWhiteList(
    request: ServerRequest<Huirong_Fund_V1_ListWhiteListRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListWhiteListResponse> {
    try await records(request, context, of: WhiteListEntry.self) { message, call in
      try Require.text(message.bank, "bank")
      try FundService.requireOwn(message.bank, call)
      return RecordQuery(owner: message.bank, state: 1)
    } _: { found, next in
      .with {
        $0.entries = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
