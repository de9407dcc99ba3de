import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func getProgramme(
    request: ServerRequest<Huirong_Fund_V1_GetProgrammeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyProgramme> {
    try await edge.unary(request, context) { message, _ in
      .init(try await repository.subsidyProgramme(Wire.id(message.name, "subsidyProgrammes", "name")))
    }
  }
}
