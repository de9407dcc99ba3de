import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func registerEnterprise(
    request: ServerRequest<Huirong_Demand_V1_RegisterEnterpriseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Enterprise> {
    try await edge.command(request, context, encode: Self.wire) { message, command in
      try Require.set(message.hasEnterprise, "enterprise")
      return try await repository.register(
        try registration(of: message.enterprise, field: "enterprise", reason: message.reason),
        envelope: command.envelope,
        encode: command.encode)
    }
  }

  @Sendable
  static func wire(_ enterprise: Enterprise) -> Huirong_Demand_V1_Enterprise { enterprise.wire }

  func registration(
    of wire: Huirong_Demand_V1_Enterprise, field: String, reason: String
  ) throws(DomainError) -> RegisterEnterprise {
    _ = try Texts.optional(reason, "reason", maximum: Texts.maximumReason)
    let draft = try EnterpriseDraft(wire, field: field)
    do {
      return try RegisterEnterprise(uscc: wire.uscc, draft: draft, legacyCodes: legacyCodes, reason: reason)
    } catch {
      throw error.within(field)
    }
  }
}
