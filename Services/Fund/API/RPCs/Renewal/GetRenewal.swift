import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension RenewalService {
  package func getRenewal(
    request: ServerRequest<Huirong_Fund_V1_GetRenewalRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_Renewal> {
    try await edge.unary(request, context) { message, call in
      let id = try Wire.id(message.name, "renewals", "name")
      let found = try await repository.record(Renewal.self, id, in: "renewals")
      try FundService.requireOwn(found.bank, call)
      return .init(found)
    }
  }
}
