import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func getCover(
    request: ServerRequest<Huirong_Fund_V1_GetCoverRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Cover> {
    try await edge.unary(request, context) { message, call in
      let id = try Wire.id(message.name, "covers", "name")
      let found = try await repository.record(Cover.self, id, in: "covers")
      try FundService.requireOwn(found.bank, call)
      return .init(found)
    }
  }
}
