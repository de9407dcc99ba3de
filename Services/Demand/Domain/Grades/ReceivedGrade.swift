package import Kernel

/// A firm's platform grade as the evaluation service gave it.
package struct ReceivedGrade: Hashable, Sendable {
  /// `Enterprise.id`; the evaluation may rate firms that are not registered here, or not yet.
  package var enterprise: String
  package var grade: PlatformGrade
  /// The day that the rating describes.
  package var gradedOn: BusinessDate
  /// `ratings/…` of the evaluation service.
  package var source: String

  package init(enterprise: String, grade: PlatformGrade, gradedOn: BusinessDate, source: String) {
    self.enterprise = enterprise
    self.grade = grade
    self.gradedOn = gradedOn
    self.source = source
  }

  /// Of two grades the one of the later day holds, of the same day the one that came later; so a rating of a past day
  /// takes nothing from a newer one.
  package func supersedes(_ gradedOn: BusinessDate?) -> Bool { gradedOn.map { self.gradedOn >= $0 } ?? true }

  /// The firm with this grade, its day and its source; `nil` when it changes nothing.
  package func applied(to enterprise: Enterprise, now: Instant) -> Enterprise? {
    let receipt = GradeReceipt(source: source, gradedOn: gradedOn)
    guard enterprise.mergedInto == nil, supersedes(enterprise.ties.gradeReceipt?.gradedOn),
      enterprise.grade != grade || enterprise.ties.gradeReceipt != receipt
    else { return nil }
    var next = enterprise
    next.grade = grade
    next.ties.gradeReceipt = receipt
    next.updatedAt = now
    next.revision += 1
    return next
  }
}

/// One event of the evaluation's log of ratings.
package struct GradeEvent: Hashable, Sendable {
  /// Position in that log, which has other events too: sequences grow and may leave numbers out.
  package var sequence: Int64
  /// `nil` for an event that grades nobody; it only moves the cursor.
  package var grade: ReceivedGrade?

  package init(sequence: Int64, grade: ReceivedGrade?) {
    self.sequence = sequence
    self.grade = grade
  }
}

/// The evaluation service's log of ratings, as this service follows it.
package protocol GradeLog: Sendable {
  /// Calls `receive` for every event after `sequence`, in order, until it or the stream fails.
  func follow(after sequence: Int64, receive: @Sendable (GradeEvent) async throws -> Void) async throws
}

/// Where grades are kept: each event once, its effect and the cursor in one transaction.
package protocol GradeLedger: Sendable {
  func gradeCursor() async throws -> Int64
  func receive(_ events: [GradeEvent], now: Instant) async throws
}
