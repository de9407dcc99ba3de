import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListPoolsRequest: PagedRequest {}

extension FundService {
  package func listPools(
    request: ServerRequest<Huirong_Fund_V1_ListPoolsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListPoolsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await repository.pools(after: page.cursor, limit: page.size)
      return .with {
        $0.pools = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
