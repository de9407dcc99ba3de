import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListBridgeLoansRequest: PagedRequest {}

extension FundService {
  package func listBridgeLoans(
    request: ServerRequest<Huirong_Fund_V1_ListBridgeLoansRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListBridgeLoansResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = try BridgeLoanFilter(
        programme: message.programme.isEmpty ? "" : Wire.programme(message.programme), journey: message.journey,
        state: Wire.optionalCode(message.state, "state"))
      let found = try await repository.bridgeLoans(filter, after: page.cursor, limit: page.size)
      return .with {
        $0.bridgeLoans = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
