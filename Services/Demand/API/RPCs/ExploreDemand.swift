import DemandDomain
package import GRPCCore
import Kernel
import Policy
package import Protos
import RPCEdge
import SwiftProtobuf

extension DemandService {
  package func exploreDemand(
    request: ServerRequest<Huirong_Demand_V1_ExploreDemandRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_ExploreDemandResponse> {
    try await edge.unary(request, context) { message, call in
      let situation = try await repository.situation(of: try Self.demandID(message.name))
      if let demand = situation.demand { _ = try DemandScope.view(demand, for: call.caller) }
      let date = try BusinessDate.optional(message.hasAsOf, message.asOf, "as_of") ?? call.now.shanghaiDate()
      let (base, rules, changes) = try Exploration.all(of: situation, policy: policy, on: date)
      let now = try await products.count(base.subject, for: call.caller, within: call.remaining)
      var improvements: [Huirong_Demand_V1_Improvement] = []
      for change in changes {
        try call.checkCancellation()
        let count = try await products.count(change.subject, for: call.caller, within: call.remaining)
        improvements.append(
          .with {
            $0.change = change.change
            $0.explanation = change.explanation
            $0.verdict = change.verdict.wire
            $0.matchingProducts = Int32(clamping: count)
            $0.moreProducts = Int32(clamping: count - now)
          })
      }
      let number = (situation.demand?.assessment?.number ?? 0) + 1
      let assessment = Assessment(
        number: number, verdict: base.verdict, rules: rules, asOf: date, policyDigest: policy.digest, at: call.now)
      return .with {
        $0.assessment = situation.demand.map { DemandScope.view(assessment, of: $0, for: call.caller).wire } ?? .init()
        $0.matchingProducts = Int32(clamping: now)
        // The order of asking decides among equals.
        $0.improvements = improvements.enumerated().sorted {
          ($1.element.moreProducts, $0.offset) < ($0.element.moreProducts, $1.offset)
        }.map(\.element)
      }
    }
  }
}
