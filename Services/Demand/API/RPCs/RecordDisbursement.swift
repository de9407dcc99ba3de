import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func recordDisbursement(
    request: ServerRequest<Huirong_Demand_V1_RecordDisbursementRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .disburse(
        try RecordDisbursement(
          demand: Self.demandID(message.name), institution: message.institution,
          disbursement: Self.disbursement(of: message), reason: message.reason))
    }
  }

  private static func disbursement(
    of message: Huirong_Demand_V1_RecordDisbursementRequest
  ) throws(DomainError) -> Disbursement {
    try Require.set(message.hasDisbursement, "disbursement")
    return try Disbursement(message.disbursement, field: "disbursement")
  }
}
