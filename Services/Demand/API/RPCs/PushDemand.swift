import DemandDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension DemandService {
  package func pushDemand(
    request: ServerRequest<Huirong_Demand_V1_PushDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .push(
        try PushDemand(
          demand: Self.demandID(message.name), mode: PushMode(message.mode, "mode"),
          candidates: Self.candidates(message.candidates), reason: message.reason))
    }
  }

  private static func candidates(
    _ wire: [Huirong_Demand_V1_PushCandidate]
  ) throws(DomainError) -> [PushDemand.Candidate] {
    var candidates: [PushDemand.Candidate] = []
    for (index, candidate) in wire.enumerated() {
      let reason = try PushReason.optional(candidate.reason, "candidates[\(index)].reason") ?? .match
      guard reason != .regulator else {
        throw .invalid("candidates[\(index)].reason", "regulators are informed by rule and not named")
      }
      candidates.append(
        PushDemand.Candidate(
          institution: candidate.institution, product: candidate.product, score: Rate(candidate.score), reason: reason))
    }
    return candidates
  }
}
