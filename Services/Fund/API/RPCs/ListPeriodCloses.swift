import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListPeriodClosesRequest: PagedRequest {}

extension FundService {
  package func listPeriodCloses(
    request: ServerRequest<Huirong_Fund_V1_ListPeriodClosesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListPeriodClosesResponse> {
    try await records(request, context, of: PeriodClose.self) { message, _ in
      RecordQuery(owner: try Wire.pool(message.pool))
    } _: { found, next in
      .with {
        $0.closes = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
