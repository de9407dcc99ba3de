import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListFacilitiesRequest: PagedRequest {}

extension FundService {
  package func listFacilities(
    request: ServerRequest<Huirong_Fund_V1_ListFacilitiesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListFacilitiesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await repository.facilities(
        ofPool: message.pool.isEmpty ? nil : Wire.pool(message.pool),
        agreedWith: call.caller.role == .institution ? call.caller.organisation : nil, after: page.cursor,
        limit: page.size)
      return .with {
        $0.facilities = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
