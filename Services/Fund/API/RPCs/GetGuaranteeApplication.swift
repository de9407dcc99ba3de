import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension FundService {
  package func getGuaranteeApplication(
    request: ServerRequest<Huirong_Fund_V1_GetGuaranteeApplicationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_GuaranteeApplication> {
    try await edge.unary(request, context) { message, call in
      let id = try Wire.id(message.name, "guaranteeApplications", "name")
      let found = try await repository.record(GuaranteeApplication.self, id, in: "guaranteeApplications")
      try Self.requireOwn(found.lender, call)
      return .init(found)
    }
  }
}
