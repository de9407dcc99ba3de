import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func getRating(
    request: ServerRequest<Huirong_Evaluation_V1_GetRatingRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Rating> {
    try await edge.unary(request, context) { message, call in
      let rating = try await queries.rating(id: try ResourceName.id(of: message.name, in: "ratings"))
      // What a caller may not see does not exist for it.
      guard rating.isVisible(to: call.caller) else { throw DomainError.notFound(message.name) }
      return Huirong_Evaluation_V1_Rating(rating)
    }
  }
}
