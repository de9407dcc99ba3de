import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension Huirong_Fund_V1_ListCoversRequest: PagedRequest {}

extension CompensationService {
  package func listCovers(
    request: ServerRequest<Huirong_Fund_V1_ListCoversRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_ListCoversResponse> {
    try await records(request, context, of: Cover.self) { message, _ in
      let state: CoverState? = try Wire.optionalCode(message.state, "state")
      return RecordQuery(
        owner: try Wire.id(message.scheme, "compensationSchemes", "scheme"), state: state?.rawValue)
    } _: { found, next in
      .with {
        $0.covers = found.map { .init($0) }
        $0.nextPageToken = next
      }
    }
  }
}
