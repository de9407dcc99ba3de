import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListGuaranteeApplicationsRequest: PagedRequest {}

extension FundService {
  package func listGuaranteeApplications(
    request: ServerRequest<Huirong_Fund_V1_ListGuaranteeApplicationsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListGuaranteeApplicationsResponse> {
    try await records(request, context, of: GuaranteeApplication.self) { message, _ in
      let state: GuaranteeApplicationState? = try Wire.optionalCode(message.state, "state")
      return RecordQuery(owner: try Wire.facility(message.facility), state: state?.rawValue)
    } _: { found, next in
      .with {
        $0.applications = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
