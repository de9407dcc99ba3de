import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListDayReportsRequest: PagedRequest {}

extension FundService {
  package func listDayReports(
    request: ServerRequest<Huirong_Fund_V1_ListDayReportsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListDayReportsResponse> {
    try await records(request, context, of: DayReport.self) { message, _ in
      RecordQuery(owner: try Wire.pool(message.pool))
    } _: { found, next in
      .with {
        $0.reports = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
