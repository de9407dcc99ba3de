import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func retireScorecard(
    request: ServerRequest<Huirong_Evaluation_V1_RetireScorecardRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scorecard> {
    try await edge.command(request, context) { (stored: StoredScorecard) in
      Huirong_Evaluation_V1_Scorecard(stored)
    } _: { message, command in
      try Require.number(message.version, in: 1...1_000_000, "version")
      return try await commands.retireScorecard(
        id: try ResourceName.id(of: message.name, in: "scorecards"), version: Int(message.version), etag: message.etag,
        reason: try Require.text(message.reason, "reason"), envelope: command.envelope, encode: command.encode)
    }
  }
}
