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
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let isOutside = call.caller.role == .institution
      var state: SubsidyState? = try Wire.optionalCode(message.state, "state")
      if isOutside {
        guard state == nil || state == .paid else {
          throw DomainError(.outOfScope, "an institution reads what was paid", field: "state")
        }
        state = .paid
      }
      let programme = try Wire.id(message.programme, "subsidyProgrammes", "programme")
      let found = try await repository.records(
        SubsidyApplication.self,
        RecordQuery(owner: programme, state: state?.rawValue, after: page.cursor ?? "", limit: page.size))
      return .with {
        $0.applications = found.items.map { isOutside ? .init(published: $0) : .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
