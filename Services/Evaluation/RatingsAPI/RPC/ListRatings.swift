import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func listRatings(
    request: ServerRequest<Huirong_Evaluation_V1_ListRatingsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListRatingsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let filter = RatingFilter(
        firmID: try Require.optionalText(message.enterprise, "enterprise", maximum: 64),
        scorecardID: message.scorecard.isEmpty
          ? "" : try ResourceName.id(of: message.scorecard, in: "scorecards", field: "scorecard"),
        grade: try Require.optionalText(message.grade, "grade", maximum: 64), regionPrefix: call.caller.regionPrefix)
      let found = try await queries.ratings(filter, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListRatingsResponse()
      response.ratings = found.items.map(Huirong_Evaluation_V1_Rating.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
