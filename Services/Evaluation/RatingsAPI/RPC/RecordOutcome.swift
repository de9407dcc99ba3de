import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func recordOutcome(
    request: ServerRequest<Huirong_Evaluation_V1_RecordOutcomeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Rating> {
    try await edge.command(request, context) { (rating: Rating) in
      Huirong_Evaluation_V1_Rating(rating)
    } _: { message, command in
      let observation = try ObservedOutcome(message, reporter: command.caller)
      return try await commands.recordOutcome(
        observation, of: try ResourceName.id(of: message.name, in: "ratings"), envelope: command.envelope,
        encode: command.encode)
    }
  }
}
