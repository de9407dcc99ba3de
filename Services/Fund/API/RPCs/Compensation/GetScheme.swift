import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CompensationService {
  package func getScheme(
    request: ServerRequest<Huirong_Fund_V1_GetSchemeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_CompensationScheme> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.scheme(Wire.id(message.name, "compensationSchemes", "name")))
    }
  }
}
