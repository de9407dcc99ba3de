import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListPublishedSubsidiesRequest: PagedRequest {}

extension SubsidyService {
  package func listPublishedSubsidies(
    request: ServerRequest<Huirong_Fund_V1_ListPublishedSubsidiesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListPublishedSubsidiesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let programme = try await repository.subsidyProgramme(
        Wire.id(message.programme, "subsidyProgrammes", "programme")
      ).programme
      let found = try await repository.records(
        SubsidyApplication.self,
        RecordQuery(
          owner: programme.id, state: SubsidyState.paid.rawValue, after: page.cursor ?? "", limit: page.size))
      return .with {
        $0.subsidies = found.items.map { .init($0, programme.subsidy) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
        $0.csv = PublicationList.csv(found.items, of: programme, withHeader: page.cursor == nil)
      }
    }
  }
}
