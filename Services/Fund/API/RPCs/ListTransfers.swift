import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListTransfersRequest: PagedRequest {}

extension FundService {
  package func listTransfers(
    request: ServerRequest<Huirong_Fund_V1_ListTransfersRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListTransfersResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await repository.transfers(
        touching: message.account.isEmpty ? nil : Wire.account(message.account),
        after: page.cursor.flatMap(Int64.init) ?? 0, limit: page.size)
      return .with {
        $0.transfers = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
