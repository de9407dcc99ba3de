import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func closeDemand(
    request: ServerRequest<Huirong_Demand_V1_CloseDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .close(
        try CloseDemand(
          demand: Self.demandID(message.name), evidence: Self.evidence(message.evidence), note: message.reason))
    }
  }

  private static func evidence(_ wire: [Huirong_Common_V1_Evidence]) throws(DomainError) -> [Evidence] {
    var evidence: [Evidence] = []
    for (index, item) in wire.enumerated() { evidence.append(try Evidence(item, field: "evidence[\(index)]")) }
    return evidence
  }
}
