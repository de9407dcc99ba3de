import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func adoptScorecard(
    request: ServerRequest<Huirong_Evaluation_V1_AdoptScorecardRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scorecard> {
    try await edge.command(request, context) { (stored: StoredScorecard) in
      Huirong_Evaluation_V1_Scorecard(stored)
    } _: { message, command in
      try Require.number(message.version, in: 1...1_000_000, "version")
      return try await commands.adoptScorecard(
        id: try ResourceName.id(of: message.name, in: "scorecards"), version: Int(message.version), etag: message.etag,
        envelope: command.envelope, encode: command.encode)
    }
  }
}
