import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListGuaranteesRequest: PagedRequest {}

extension FundService {
  package func listGuarantees(
    request: ServerRequest<Huirong_Fund_V1_ListGuaranteesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListGuaranteesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = try GuaranteeFilter(
        facility: message.facility.isEmpty ? "" : Wire.facility(message.facility), journey: message.journey,
        borrower: message.borrower, state: Wire.optionalCode(message.state, "state"))
      let found = try await repository.guarantees(filter, after: page.cursor, limit: page.size)
      return .with {
        $0.guarantees = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
