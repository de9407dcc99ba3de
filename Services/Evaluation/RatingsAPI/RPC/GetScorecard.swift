import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func getScorecard(
    request: ServerRequest<Huirong_Evaluation_V1_GetScorecardRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scorecard> {
    try await edge.unary(request, context) { message, _ in
      try Require.number(message.version, in: 0...1_000_000, "version")
      let id = try ResourceName.id(of: message.name, in: "scorecards")
      return Huirong_Evaluation_V1_Scorecard(
        try await queries.scorecard(id: id, version: message.version == 0 ? nil : Int(message.version)))
    }
  }
}
