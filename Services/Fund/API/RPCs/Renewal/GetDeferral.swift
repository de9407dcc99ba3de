import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension RenewalService {
  package func getDeferral(
    request: ServerRequest<Huirong_Fund_V1_GetDeferralRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Deferral> {
    try await edge.unary(request, context) { message, call in
      let id = try Wire.id(message.name, "deferrals", "name")
      let found = try await repository.record(Deferral.self, id, in: "deferrals")
      try FundService.requireOwn(found.bank, call)
      return .init(found)
    }
  }
}
