package import EvaluationRatings
import Storage

extension RatingStore {
  package func ratingLog(after sequence: Int64) -> any AsyncSequence<RatingLogEntry, any Error> & Sendable {
    store.watch(after: sequence).map { event in
      RatingLogEntry(
        sequence: event.sequence, commitTime: event.commitTime, type: event.type, subject: event.subject,
        actor: event.actor, hash: event.hash, content: try Self.content(of: event))
    }
  }

  package func ratingLogHead() async throws -> Int64 { store.eventHead }

  private static func content(of event: StoredEvent) throws -> RatingLogEntry.Content {
    let isRating = event.type == RatingEventType.graded || event.type == RatingEventType.outcome
    let state = RatingEventType.state(of: event.type)
    guard isRating || state != nil else { return .foreign }
    let payload: RatingEventPayload = try RatingDocument.read(String(decoding: event.payload, as: UTF8.self))
    if let state, let version = payload.version { return .scorecard(id: payload.id, version: version, state: state) }
    return .rating(id: payload.id)
  }
}
