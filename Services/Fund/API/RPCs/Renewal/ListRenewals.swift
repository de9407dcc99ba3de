import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListRenewalsRequest: PagedRequest {}

extension RenewalService {
  package func listRenewals(
    request: ServerRequest<Huirong_Fund_V1_ListRenewalsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListRenewalsResponse> {
    try await records(request, context, of: Renewal.self) { message, call in
      try Require.text(message.bank, "bank")
      try FundService.requireOwn(message.bank, call)
      let state: RenewalState? = try Wire.optionalCode(message.state, "state")
      return RecordQuery(owner: message.bank, state: state?.rawValue)
    } _: { found, next in
      .with {
        $0.renewals = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
