package import DemandDomain
package import Kernel
package import PlainRPC
package import Protos
import RPCEdge

/// The grades that the evaluation service gives, from its log of ratings.
package struct RatingGrades: GradeLog {
  private let client: Huirong_Evaluation_V1_RatingService.PlainClient

  package init(_ client: PlainClient) { self.client = .init(client) }

  package func follow(
    after sequence: Int64, receive: @Sendable (GradeEvent) async throws -> Void
  ) async throws {
    var request = Huirong_Evaluation_V1_WatchRatingsRequest()
    request.afterSequence = sequence
    let stream = try await client.watchRatings(request, options: PlainCallOptions(waitForReady: false))
    for try await event in stream { try await receive(try GradeEvent(event)) }
  }
}

extension GradeEvent {
  /// Only a new rating grades a firm, and only one whose scorecard gives a grade of the platform's.
  /// - Throws: `INVALID_DATE`, `INVALID_ARGUMENT` for what this version of the service does not know.
  package init(_ event: Huirong_Evaluation_V1_RatingEvent) throws(DomainError) {
    var grade: ReceivedGrade?
    if event.header.type == "rating.graded", case .rating(let rating)? = event.payload,
      let platform = try PlatformGrade.optional(rating.platformGrade, "platform_grade")
    {
      grade = ReceivedGrade(
        enterprise: rating.enterprise, grade: platform,
        gradedOn: try .required(rating.hasBusinessDate, rating.businessDate, "business_date"), source: rating.name)
    }
    self.init(sequence: event.header.sequence, grade: grade)
  }
}
