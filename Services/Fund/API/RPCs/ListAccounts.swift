import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListAccountsRequest: PagedRequest {}

extension FundService {
  package func listAccounts(
    request: ServerRequest<Huirong_Fund_V1_ListAccountsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListAccountsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await repository.accounts(
        ofPool: Wire.pool(message.pool), after: page.cursor, limit: page.size)
      return .with {
        $0.accounts = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
