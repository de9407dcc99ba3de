import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getBridgeProgramme(
    request: ServerRequest<Huirong_Fund_V1_GetBridgeProgrammeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_BridgeProgramme> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.bridgeProgramme(Wire.programme(message.name, "name")))
    }
  }
}
