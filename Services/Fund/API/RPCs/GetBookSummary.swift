import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getBookSummary(
    request: ServerRequest<Huirong_Fund_V1_GetBookSummaryRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BookSummary> {
    try await edge.unary(request, context) { message, _ in
      let id = try Wire.facility(message.facility)
      let pool = try await repository.facility(id).facility.pool
      return .init(try await repository.bookSummary(ofFacility: id), pool: pool)
    }
  }
}
