package import Kernel

/// What stands between a run and its publication.
package struct PublicationCheck: Sendable, Hashable {
  package var isSchemeAdopted: Bool
  package var openAppeals: Int
  package var upheldAppeals: Int
  package var today: BusinessDate

  package init(isSchemeAdopted: Bool, openAppeals: Int, upheldAppeals: Int, today: BusinessDate) {
    self.isSchemeAdopted = isSchemeAdopted
    self.openAppeals = openAppeals
    self.upheldAppeals = upheldAppeals
    self.today = today
  }
}

extension Run {
  /// What a run is for, by the length of its period: 一月一通报, 一季一排名, 年底总考核.
  package enum Kind: Sendable, Hashable {
    case monthlyBulletin, quarterlyRanking, annualAppraisal
  }

  package func kind() throws(DomainError) -> Kind {
    switch try Period(period).months {
    case 1: .monthlyBulletin
    case 2...11: .quarterlyRanking
    default: .annualAppraisal
    }
  }

  /// The draft as it is put before the institutions.
  /// - Throws: `ETAG_MISMATCH`, `STATE_CONFLICT`; `INVALID_ARGUMENT` for days that do not follow each other.
  package func inReview(
    until reviewEnd: BusinessDate, appealsUntil appealEnd: BusinessDate, etag wanted: String, isSchemeAdopted: Bool,
    today: BusinessDate
  ) throws(DomainError) -> Run {
    try require(.draft, etag: wanted)
    try requireAdopted(isSchemeAdopted)
    guard reviewEnd >= today else { throw .invalid("review_end_date", "\(reviewEnd) is before today, \(today)") }
    guard appealEnd >= reviewEnd else {
      throw .invalid("appeal_end_date", "\(appealEnd) is before the end of the review, \(reviewEnd)")
    }
    var run = self
    run.state = .review
    run.reviewEnd = reviewEnd
    run.appealEnd = appealEnd
    return run
  }

  /// The run as a second person publishes it: a bulletin from its draft, any other after review and appeals.
  /// - Throws: `ETAG_MISMATCH`, `STATE_CONFLICT`, `SAME_OFFICER`.
  package func published(
    by caller: Caller, etag wanted: String, check: PublicationCheck, now: Instant
  ) throws(DomainError) -> Run {
    try require(try kind() == .monthlyBulletin && state == .draft ? .draft : .review, etag: wanted)
    try requireAdopted(check.isSchemeAdopted)
    if let appealEnd, check.today <= appealEnd {
      throw conflict("appeals may be filed until \(appealEnd); it is \(check.today)")
    }
    if check.openAppeals > 0 { throw conflict("\(check.openAppeals) appeals are open") }
    if check.upheldAppeals > 0 {
      throw conflict("\(check.upheldAppeals) appeals were upheld: correct the facts and run again")
    }
    return try published(by: caller, now: now)
  }

  /// A published run and the draft that takes its place, as a second person exchanges them.
  /// - Throws: `ETAG_MISMATCH`, `STATE_CONFLICT`, `SAME_OFFICER`; `INVALID_ARGUMENT` when the draft evaluates something
  ///   else.
  package func corrected(
    by replacement: Run, reason: String, etag wanted: String, isSchemeAdopted: Bool, caller: Caller, now: Instant
  ) throws(DomainError) -> (old: Run, new: Run) {
    try require(.published, etag: wanted)
    guard replacement.id != id else { throw .invalid("replacement", "is the run itself") }
    guard replacement.schemeID == schemeID, replacement.period == period, replacement.peerGroup == peerGroup else {
      throw .invalid("replacement", "evaluates another scheme, period or peer group than runs/\(id)")
    }
    try replacement.require(.draft, etag: "")
    try replacement.requireAdopted(isSchemeAdopted)
    var old = self
    old.state = .corrected
    old.supersededBy = replacement.id
    old.correctionReason = reason
    var new = try replacement.published(by: caller, now: now)
    new.supersedes = id
    new.correctionReason = reason
    return (old, new)
  }

  private func published(by caller: Caller, now: Instant) throws(DomainError) -> Run {
    guard Run.person(caller) != creator else {
      throw DomainError(.sameOfficer, "\(creator) computed runs/\(id); another person publishes it")
    }
    var run = self
    run.state = .published
    run.publisher = Run.person(caller)
    run.publishTime = now
    return run
  }

  private func require(_ wanted: State, etag: String) throws(DomainError) {
    if !etag.isEmpty, etag != self.etag {
      throw DomainError(.etagMismatch, "the run's etag is \(self.etag)", field: "etag")
    }
    guard state == wanted else { throw conflict("it is in state \(state.rawValue), not \(wanted.rawValue)") }
  }

  private func requireAdopted(_ isAdopted: Bool) throws(DomainError) {
    guard isAdopted else { throw conflict("version \(schemeVersion) of schemes/\(schemeID) is not adopted") }
  }

  private func conflict(_ message: String) -> DomainError {
    DomainError(.stateConflict, "runs/\(id): \(message)", metadata: ["state": state.rawValue])
  }
}
