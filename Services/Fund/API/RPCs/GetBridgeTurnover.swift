import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getBridgeTurnover(
    request: ServerRequest<Huirong_Fund_V1_GetBridgeTurnoverRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeTurnover> {
    try await edge.unary(request, context) { message, _ in
      .init(
        try await repository.bridgeTurnover(
          Wire.programme(message.name, "name"), from: Wire.date(message.hasFrom, message.from, "from"),
          to: Wire.date(message.hasTo, message.to, "to")))
    }
  }
}
