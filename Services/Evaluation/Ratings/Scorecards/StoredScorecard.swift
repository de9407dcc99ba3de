package import Kernel

/// A scorecard in its life: a draft, adopted by a second person, retired.
package struct StoredScorecard: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Hashable, Codable {
    case draft, adopted, retired
  }

  package var scorecard: Scorecard
  /// Hexadecimal SHA-256 of the canonical text.
  package var digest: String
  package var state: State
  /// `organisation/person`.
  package var creator: String
  package var adopter: String
  package var retirer: String
  package var retireReason: String
  package var createTime: Instant
  package var adoptTime: Instant?
  package var retireTime: Instant?

  /// A new draft.
  /// - Throws: `SCHEME_INVALID` with the path of what does not hold.
  package init(_ scorecard: Scorecard, creator: Caller, now: Instant) throws(DomainError) {
    try ScorecardValidation.validate(scorecard)
    self.scorecard = scorecard
    digest = SHA256Digest.hex(scorecard.canonicalText)
    state = .draft
    self.creator = Self.person(creator)
    adopter = ""
    retirer = ""
    retireReason = ""
    createTime = now
  }

  package var name: String { "scorecards/\(scorecard.id)" }

  /// Changes with every change of state.
  package var etag: String { "\(state.rawValue)-\(digest.prefix(16))" }

  /// A person as creators and adopters are recorded; two people are two different texts.
  package static func person(_ caller: Caller) -> String { "\(caller.organisation)/\(caller.subject)" }

  /// The draft as a second person puts it into use.
  /// - Throws: `ETAG_MISMATCH`, `STATE_CONFLICT`, `SAME_OFFICER`.
  package func adopted(by caller: Caller, etag wanted: String, now: Instant) throws(DomainError) -> StoredScorecard {
    try check(wanted)
    guard state == .draft else { throw conflict }
    guard Self.person(caller) != creator else {
      throw DomainError(.sameOfficer, "\(creator) created the scorecard; another person adopts it")
    }
    var card = self
    card.state = .adopted
    card.adopter = Self.person(caller)
    card.adoptTime = now
    return card
  }

  /// The scorecard out of use.
  /// - Throws: `ETAG_MISMATCH`, `STATE_CONFLICT`.
  package func retired(
    by caller: Caller, reason: String, etag wanted: String, now: Instant
  ) throws(DomainError) -> StoredScorecard {
    try check(wanted)
    guard state != .retired else { throw conflict }
    var card = self
    card.state = .retired
    card.retirer = Self.person(caller)
    card.retireReason = reason
    card.retireTime = now
    return card
  }

  private func check(_ wanted: String) throws(DomainError) {
    if !wanted.isEmpty, wanted != etag {
      throw DomainError(.etagMismatch, "the scorecard's etag is \(etag)", field: "etag")
    }
  }

  private var conflict: DomainError {
    DomainError(
      .stateConflict, "\(name) version \(scorecard.version) is \(state.rawValue)",
      metadata: ["state": state.rawValue])
  }
}
