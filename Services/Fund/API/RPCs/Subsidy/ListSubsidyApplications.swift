import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListSubsidyApplicationsRequest: PagedRequest {}

extension SubsidyService {
  package func listSubsidyApplications(
    request: ServerRequest<Huirong_Fund_V1_ListSubsidyApplicationsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListSubsidyApplicationsResponse> {
    try await records(request, context, of: SubsidyApplication.self) { message, _ in
      let state: SubsidyState? = try Wire.optionalCode(message.state, "state")
      return RecordQuery(
        owner: try Wire.id(message.programme, "subsidyProgrammes", "programme"), state: state?.rawValue)
    } _: { found, next in
      .with {
        $0.applications = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
