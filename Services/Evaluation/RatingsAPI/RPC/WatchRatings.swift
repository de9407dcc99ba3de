import EvaluationRatings
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension RatingService {
  package func watchRatings(
    request: ServerRequest<Huirong_Evaluation_V1_WatchRatingsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Evaluation_V1_RatingEvent> {
    try await edge.serverStream(request, context) { message, call, writer in
      try Require.number(message.afterSequence, in: 0...Int64.max, "after_sequence")
      var scorecard = ""
      if !message.scorecard.isEmpty {
        scorecard = try ResourceName.id(of: message.scorecard, in: "scorecards", field: "scorecard")
      }
      let head = try await queries.ratingLogHead()
      if message.untilHead, message.afterSequence >= head { return }
      for try await entry in queries.ratingLog(after: message.afterSequence) {
        if let event = try await event(entry, scorecard: scorecard, for: call.caller) { try await writer.write(event) }
        if message.untilHead, entry.sequence >= head { return }
      }
    }
  }

  /// `nil` for what is not of ratings, not of the asked scorecard, or outside the caller's region.
  private func event(
    _ entry: RatingLogEntry, scorecard: String, for caller: Caller
  ) async throws -> Huirong_Evaluation_V1_RatingEvent? {
    switch entry.content {
    case .foreign: return nil
    case .scorecard(let id, let version, let state):
      guard scorecard.isEmpty || scorecard == id else { return nil }
      var event = Huirong_Evaluation_V1_RatingEvent(entry)
      event.scorecardChange.scorecard = "scorecards/\(id)"
      event.scorecardChange.version = Int32(clamping: version)
      event.scorecardChange.state = state.proto
      return event
    case .rating(let id):
      let rating = try await queries.rating(id: id)
      guard scorecard.isEmpty || scorecard == rating.scorecardID, rating.isVisible(to: caller) else { return nil }
      var event = Huirong_Evaluation_V1_RatingEvent(entry)
      event.rating = Huirong_Evaluation_V1_Rating(rating)
      return event
    }
  }
}
