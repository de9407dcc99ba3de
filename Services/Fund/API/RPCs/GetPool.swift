import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getPool(
    request: ServerRequest<Huirong_Fund_V1_GetPoolRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Pool> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.pool(Wire.pool(message.name, "name")))
    }
  }
}
