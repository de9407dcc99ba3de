import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListUnmatchedTransfersRequest: PagedRequest {}

extension ReconciliationService {
  package func listUnmatchedTransfers(
    request: ServerRequest<Huirong_Fund_V1_ListUnmatchedTransfersRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListUnmatchedTransfersResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let (currency, found) = try await repository.unmatchedCash(
        ofPool: Wire.pool(message.pool), through: Wire.date(message.hasTo, message.to, "to"),
        after: page.cursor.flatMap { Int64($0) } ?? 0, limit: page.size)
      return .with {
        $0.transfers = found.items.map { .init($0, currency) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
