import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListProgrammesRequest: PagedRequest {}

extension SubsidyService {
  package func listProgrammes(
    request: ServerRequest<Huirong_Fund_V1_ListProgrammesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListProgrammesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await repository.subsidyProgrammes(
        ofPool: Wire.pool(message.pool), after: page.cursor, limit: page.size)
      return .with {
        $0.programmes = found.items.map { .init($0) }
        $0.nextPageToken = found.next.map(page.token(after:)) ?? ""
      }
    }
  }
}
