package import Kernel

/// A page of a keyset-ordered list.
package struct RatingPage<Element: Sendable>: Sendable {
  package var items: [Element]
  /// Where the next page begins; `nil` on the last.
  package var next: String?
  package init(items: [Element], next: String?) {
    self.items = items
    self.next = next
  }
}

package struct RatingOrder: Sendable, Hashable {
  package var scorecardID: String
  package var firm: RatedFirm
  package var day: BusinessDate
  package var inputs: [Input]

  package struct Input: Sendable, Hashable {
    package var id: String
    package var value: RatingValue
    package init(id: String, value: RatingValue) {
      self.id = id
      self.value = value
    }
  }

  package init(scorecardID: String, firm: RatedFirm, day: BusinessDate, inputs: [Input]) {
    self.scorecardID = scorecardID
    self.firm = firm
    self.day = day
    self.inputs = inputs
  }
}

package struct RatingFilter: Sendable, Hashable {
  /// Empty fields do not filter.
  package var firmID: String
  package var scorecardID: String
  package var grade: String
  package var regionPrefix: String
  package init(firmID: String, scorecardID: String, grade: String, regionPrefix: String) {
    self.firmID = firmID
    self.scorecardID = scorecardID
    self.grade = grade
    self.regionPrefix = regionPrefix
  }
}

/// Which stored ratings are monitored.
package struct MonitoredRatings: Sendable, Hashable {
  package var scorecardID: String
  package var version: Int
  package var from: BusinessDate?
  package var to: BusinessDate?
  package var regionPrefix: String
  package init(scorecardID: String, version: Int, from: BusinessDate?, to: BusinessDate?, regionPrefix: String) {
    self.scorecardID = scorecardID
    self.version = version
    self.from = from
    self.to = to
    self.regionPrefix = regionPrefix
  }
}

/// An event about ratings in the process's log. The log holds names and digests; what a name stands for is read beside it.
package struct RatingLogEntry: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case rating(id: String)
    case scorecard(id: String, version: Int, state: StoredScorecard.State)
    /// Another service's event of the same process.
    case foreign
  }

  package var sequence: Int64
  package var commitTime: Instant
  package var type: String
  package var subject: String
  package var actor: String
  package var hash: [UInt8]
  package var content: Content
  package init(
    sequence: Int64, commitTime: Instant, type: String, subject: String, actor: String, hash: [UInt8], content: Content
  ) {
    self.sequence = sequence
    self.commitTime = commitTime
    self.type = type
    self.subject = subject
    self.actor = actor
    self.hash = hash
    self.content = content
  }
}

/// Encodes an outcome to the bytes that a replay of the same request id answers.
package typealias RatingEncode<Outcome> = @Sendable (Outcome) throws -> [UInt8]

/// What changes scorecards and ratings. Every command is decided and stored in one transaction, once per request id.
package protocol RatingCommands: Sendable {
  /// - Parameter previousVersion: 0 for a new scorecard.
  func createScorecard(
    _ card: Scorecard, previousVersion: Int, envelope: CommandEnvelope, encode: @escaping RatingEncode<StoredScorecard>
  ) async throws -> CommandReply<StoredScorecard>
  func adoptScorecard(
    id: String, version: Int, etag: String, envelope: CommandEnvelope, encode: @escaping RatingEncode<StoredScorecard>
  ) async throws -> CommandReply<StoredScorecard>
  func retireScorecard(
    id: String, version: Int, etag: String, reason: String, envelope: CommandEnvelope,
    encode: @escaping RatingEncode<StoredScorecard>
  ) async throws -> CommandReply<StoredScorecard>
  func rate(
    _ order: RatingOrder, envelope: CommandEnvelope, encode: @escaping RatingEncode<Rating>
  ) async throws -> CommandReply<Rating>
  func recordOutcome(
    _ observation: ObservedOutcome, of ratingID: String, envelope: CommandEnvelope,
    encode: @escaping RatingEncode<Rating>
  ) async throws -> CommandReply<Rating>
}

/// What is read. Each call sees one consistent state.
package protocol RatingQueries: Sendable {
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func scorecard(id: String, version: Int?) async throws -> StoredScorecard
  func scorecards(
    purpose: Scorecard.Purpose?, after: String?, limit: Int
  ) async throws -> RatingPage<StoredScorecard>
  /// - Throws: `RESOURCE_NOT_FOUND`.
  func rating(id: String) async throws -> Rating
  func ratings(_ filter: RatingFilter, after: String?, limit: Int) async throws -> RatingPage<Rating>
  /// Totals and outcomes of stored ratings. Of one firm's several ratings each counts by itself.
  func sample(_ wanted: MonitoredRatings) async throws -> [MonitoringRow]
  func ratingLog(after sequence: Int64) -> any AsyncSequence<RatingLogEntry, any Error> & Sendable
  func ratingLogHead() async throws -> Int64
}
