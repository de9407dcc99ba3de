import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func submitDemand(
    request: ServerRequest<Huirong_Demand_V1_SubmitDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, call in
      try Require.set(message.hasDemand, "demand")
      let id = Identifier.make(at: call.now, random: .random(in: .min ... .max), .random(in: .min ... .max))
      return .submit(try SubmitDemand(message.demand, id: id, reason: message.reason))
    }
  }
}

extension SubmitDemand {
  init(_ wire: Huirong_Demand_V1_Demand, id: String, reason: String) throws(DomainError) {
    try self.init(
      id: id, enterprise: DemandService.enterpriseID(wire.enterprise, field: "demand.enterprise"),
      amount: .required(wire.hasAmount, wire.amount, "demand.amount"), tenorMonths: Int64(wire.tenorMonths),
      purpose: wire.purpose, securityMode: SecurityMode(wire.securityMode, "demand.security_mode"),
      instrument: Instrument(wire.instrument, "demand.instrument"),
      region: wire.regionCode.isEmpty ? nil : RegionCode(wire.regionCode, field: "demand.region_code"),
      channel: Channel(wire.channel, "demand.channel"),
      wantedDate: .optional(wire.hasWantedDate, wire.wantedDate, "demand.wanted_date"),
      validUntil: .optional(wire.hasValidUntil, wire.validUntil, "demand.valid_until"),
      contact: wire.hasContact
        ? Contact(checking: wire.contact.person, phone: wire.contact.phone, field: "demand.contact") : nil,
      urgency: Urgency.optional(wire.urgency, "demand.urgency") ?? .normal,
      collateral: CollateralKind.optional(wire.collateralKind, "demand.collateral_kind"), reason: reason)
  }
}
