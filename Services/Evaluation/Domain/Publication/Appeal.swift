package import Kernel

/// An institution's objection to its own line of a run in review.
package struct Appeal: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Hashable, Codable {
    case open, upheld, rejected
  }

  package var id: String
  package var runID: String
  package var institutionID: String
  /// Empty for the line as a whole.
  package var indicatorID: String
  package var grounds: String
  package var evidenceKind: String
  package var evidenceReference: String
  package var state: State = .open
  package var answer: String = ""
  /// `organisation/person`.
  package var appellant: String
  package var answerer: String = ""
  package var createTime: Instant
  package var answerTime: Instant?

  package static let maximumLength = 2000
  /// Open appeals of one institution against one run: one for each indicator is more than enough.
  package static let maximumOpen = 20

  package init(
    id: String, runID: String, institutionID: String, indicatorID: String, grounds: String, evidenceKind: String,
    evidenceReference: String, appellant: String, createTime: Instant
  ) {
    self.id = id
    self.runID = runID
    self.institutionID = institutionID
    self.indicatorID = indicatorID
    self.grounds = grounds
    self.evidenceKind = evidenceKind
    self.evidenceReference = evidenceReference
    self.appellant = appellant
    self.createTime = createTime
  }

  /// The appeal with the office's decision.
  /// - Throws: `STATE_CONFLICT` when it was answered before.
  package func answered(
    _ decision: State, answer: String, by caller: Caller, now: Instant
  ) throws(DomainError) -> Appeal {
    guard state == .open else {
      throw DomainError(.stateConflict, "appeals/\(id) was \(state.rawValue) by \(answerer)")
    }
    var appeal = self
    appeal.state = decision
    appeal.answer = answer
    appeal.answerer = Run.person(caller)
    appeal.answerTime = now
    return appeal
  }
}

extension Run {
  /// Whether an institution may appeal now.
  /// - Throws: `STATE_CONFLICT` outside the review and after its last day; `LIMIT_EXCEEDED`.
  package func requireAppealable(today: BusinessDate, open: Int) throws(DomainError) {
    guard state == .review, let appealEnd else {
      throw DomainError(.stateConflict, "runs/\(id) is in state \(state.rawValue), not in review")
    }
    guard today <= appealEnd else {
      throw DomainError(.stateConflict, "appeals against runs/\(id) ended on \(appealEnd)")
    }
    guard open < Appeal.maximumOpen else {
      throw DomainError(.limitExceeded, "\(open) appeals of the institution are open already")
    }
  }
}
