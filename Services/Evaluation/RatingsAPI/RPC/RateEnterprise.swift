import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func rateEnterprise(
    request: ServerRequest<Huirong_Evaluation_V1_RateEnterpriseRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Rating> {
    try await edge.command(request, context) { (rating: Rating) in
      Huirong_Evaluation_V1_Rating(rating)
    } _: { message, command in
      try await commands.rate(try RatingOrder(message), envelope: command.envelope, encode: command.encode)
    }
  }
}
