import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func listScorecards(
    request: ServerRequest<Huirong_Evaluation_V1_ListScorecardsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListScorecardsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      try Require.known(message.purpose, "purpose")
      let found = try await queries.scorecards(
        purpose: Scorecard.Purpose(message.purpose), after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListScorecardsResponse()
      response.scorecards = found.items.map(Huirong_Evaluation_V1_Scorecard.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
