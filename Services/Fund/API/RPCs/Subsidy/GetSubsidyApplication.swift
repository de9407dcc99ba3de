import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func getSubsidyApplication(
    request: ServerRequest<Huirong_Fund_V1_GetSubsidyApplicationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyApplication> {
    try await edge.unary(request, context) { message, _ in
      let id = try Wire.id(message.name, "subsidyApplications", "name")
      let found = try await repository.record(SubsidyApplication.self, id, in: "subsidyApplications")
      return .init(found)
    }
  }
}
