import FundDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension SubsidyService {
  package func allocateProgramme(
    request: ServerRequest<Huirong_Fund_V1_AllocateProgrammeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Fund_V1_SubsidyProgramme> {
    try await command(request, context) { message, _ in
      AllocateSubsidies(
        programme: try Wire.id(message.name, "subsidyProgrammes", "name"),
        businessDate: try Wire.date(message.hasBusinessDate, message.businessDate))
    }
  }
}
