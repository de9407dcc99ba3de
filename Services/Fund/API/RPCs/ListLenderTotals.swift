import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListLenderTotalsRequest: PagedRequest {}

extension FundService {
  package func listLenderTotals(
    request: ServerRequest<Huirong_Fund_V1_ListLenderTotalsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListLenderTotalsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let (_, found) = try await repository.lenderTotals(
        ofFacility: Wire.facility(message.facility), after: page.cursor, limit: page.size)
      return .with {
        $0.lenders = found.items.map { lender in
          .with {
            $0.lender = lender.lender
            $0.totals = .init(lender.totals)
          }
        }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
