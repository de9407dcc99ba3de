import DemandDomain
package import GRPCCore
import Kernel
package import Protos

extension DemandService {
  package func planImprovement(
    request: ServerRequest<Huirong_Demand_V1_PlanImprovementRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Demand_V1_Demand> {
    try await command(request, context) { message, _ in
      .plan(
        try PlanImprovement(
          demand: Self.demandID(message.name),
          steps: message.plan.steps.map { ImprovementPlan.Step(rule: $0.rule, text: $0.text) },
          reviewOn: .required(message.plan.hasReviewOn, message.plan.reviewOn, "plan.review_on"), reason: message.reason
        ))
    }
  }
}
