import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getFacility(
    request: ServerRequest<Huirong_Fund_V1_GetFacilityRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Facility> {
    try await edge.unary(request, context) { message, call in
      let view = try await repository.facility(Wire.facility(message.name, "name"))
      if view.facility.bank != Facility.anyBank { try Self.requireOwn(view.facility.bank, call) }
      return .init(view)
    }
  }
}
