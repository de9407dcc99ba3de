import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListRejectedClaimsRequest: PagedRequest {}

extension FundService {
  package func listRejectedClaims(
    request: ServerRequest<Huirong_Fund_V1_ListRejectedClaimsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListRejectedClaimsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let guarantee = try await repository.guarantee(Wire.guarantee(message.guarantee, "guarantee"))
      try Self.requireOwn(guarantee.lender, call)
      let found = try await repository.records(
        RejectedClaim.self, RecordQuery(owner: guarantee.id, after: page.cursor ?? "", limit: page.size))
      return .with {
        $0.claims = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
