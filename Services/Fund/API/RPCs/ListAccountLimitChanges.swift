import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListAccountLimitChangesRequest: PagedRequest {}

extension FundService {
  package func listAccountLimitChanges(
    request: ServerRequest<Huirong_Fund_V1_ListAccountLimitChangesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListAccountLimitChangesResponse> {
    try await records(request, context, of: AccountLimitChange.self) { message, _ in
      RecordQuery(owner: try Wire.account(message.account))
    } _: { found, next in
      .with {
        $0.changes = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
