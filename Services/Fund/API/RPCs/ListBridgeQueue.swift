import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListBridgeQueueRequest: PagedRequest {}

extension FundService {
  package func listBridgeQueue(
    request: ServerRequest<Huirong_Fund_V1_ListBridgeQueueRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListBridgeQueueResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let start = page.cursor.flatMap { Int($0) } ?? 0
      let (currency, loans) = try await repository.bridgeQueue(ofPool: Wire.pool(message.pool))
      var cumulative: Int64 = 0
      var response = Huirong_Fund_V1_ListBridgeQueueResponse()
      for (index, loan) in loans.enumerated() {
        cumulative += loan.amount
        if index < start { continue }
        if index == start + page.size {
          response.nextPageToken = page.token(after: "\(index)")
          break
        }
        response.entries.append(.init(loan, position: index + 1, cumulative: Money(cumulative, currency)))
      }
      return response
    }
  }
}
