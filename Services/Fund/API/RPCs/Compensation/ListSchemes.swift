import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListSchemesRequest: PagedRequest {}

extension CompensationService {
  package func listSchemes(
    request: ServerRequest<Huirong_Fund_V1_ListSchemesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListSchemesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await repository.schemes(ofPool: Wire.pool(message.pool), after: page.cursor, limit: page.size)
      return .with {
        $0.schemes = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
