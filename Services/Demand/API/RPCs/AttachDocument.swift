import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func attachDocument(
    request: ServerRequest<Huirong_Demand_V1_AttachDocumentRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      try Require.set(message.hasDocument, "document")
      let document = message.document
      return .attach(
        try AttachDocument(
          demand: Self.demandID(message.name), evidence: Evidence(document.evidence, field: "document.evidence"),
          issuer: document.issuer,
          amount: document.hasAmount ? Money(document.amount, field: "document.amount") : nil,
          validUntil: .optional(document.hasValidUntil, document.validUntil, "document.valid_until"),
          reason: message.reason))
    }
  }
}
