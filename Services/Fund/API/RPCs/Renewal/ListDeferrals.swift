import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListDeferralsRequest: PagedRequest {}

extension RenewalService {
  package func listDeferrals(
    request: ServerRequest<Huirong_Fund_V1_ListDeferralsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListDeferralsResponse> {
    try await records(request, context, of: Deferral.self) { message, call in
      try Require.text(message.bank, "bank")
      try FundService.requireOwn(message.bank, call)
      return RecordQuery(owner: message.bank)
    } _: { found, next in
      .with {
        $0.deferrals = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
