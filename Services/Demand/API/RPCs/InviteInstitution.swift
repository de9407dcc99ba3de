import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func inviteInstitution(
    request: ServerRequest<Huirong_Demand_V1_InviteInstitutionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .invite(
        try InviteInstitution(
          demand: Self.demandID(message.name), institution: message.institution, member: message.member,
          share: .required(message.hasShare, message.share, "share"), reason: message.reason))
    }
  }
}
