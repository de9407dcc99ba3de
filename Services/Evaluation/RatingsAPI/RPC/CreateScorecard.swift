import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func createScorecard(
    request: ServerRequest<Huirong_Evaluation_V1_CreateScorecardRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scorecard> {
    try await edge.command(request, context) { (stored: StoredScorecard) in
      Huirong_Evaluation_V1_Scorecard(stored)
    } _: { message, command in
      try Require.set(message.hasScorecard, "scorecard")
      try Require.number(message.previousVersion, in: 0...1_000_000, "previous_version")
      return try await commands.createScorecard(
        try Scorecard(message.scorecard), previousVersion: Int(message.previousVersion), envelope: command.envelope,
        encode: command.encode)
    }
  }
}
