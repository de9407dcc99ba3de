package import Kernel

/// The firm that is rated, as far as a rating keeps it.
package struct RatedFirm: Sendable, Hashable, Codable {
  /// Sizes by 工信部联企业〔2011〕300号.
  package enum Size: String, Sendable, Hashable, Codable, CaseIterable {
    case micro, small, medium, large
  }

  package var id: String
  package var regionCode: String
  package var size: Size?
  package init(id: String, regionCode: String, size: Size?) {
    self.id = id
    self.regionCode = regionCode
    self.size = size
  }
}

/// What became of a rated firm.
package enum Outcome: String, Sendable, Hashable, Codable {
  case good, bad
}

package struct ObservedOutcome: Sendable, Hashable, Codable {
  package var outcome: Outcome
  package var day: BusinessDate
  package var evidenceKind: String
  package var evidenceReference: String
  /// `organisation/person`.
  package var reporter: String
  package var correctionReason: String
  package init(
    outcome: Outcome, day: BusinessDate, evidenceKind: String, evidenceReference: String, reporter: String,
    correctionReason: String
  ) {
    self.outcome = outcome
    self.day = day
    self.evidenceKind = evidenceKind
    self.evidenceReference = evidenceReference
    self.reporter = reporter
    self.correctionReason = correctionReason
  }
}

/// A firm rated by a scorecard on a day, frozen.
package struct Rating: Sendable, Hashable, Codable {
  package struct Input: Sendable, Hashable, Codable {
    package var characteristicID: String
    package var value: RatingValue
  }

  package var id: String
  package var firm: RatedFirm
  package var scorecardID: String
  package var scorecardVersion: Int
  package var businessDate: BusinessDate
  package var inputs: [Input]
  package var constantPoints: Int64
  package var result: RatingResult
  /// Grade of the firm's rating before, by the same scorecard; empty for the first.
  package var previousGrade: String
  /// Hexadecimal SHA-256 of the canonical text.
  package var digest: String
  /// `organisation/person`.
  package var rater: String
  package var createTime: Instant
  package var outcome: ObservedOutcome?

  /// Rates a firm. Only an adopted scorecard rates.
  /// - Throws: `STATE_CONFLICT`, `INVALID_ARGUMENT`, `REQUIRED_FIELD_MISSING`, `OUT_OF_SCOPE`.
  package init(
    _ firm: RatedFirm, by card: StoredScorecard, on day: BusinessDate, inputs: [(id: String, value: RatingValue)],
    caller: Caller, now: Instant
  ) throws(DomainError) {
    guard card.state == .adopted else {
      throw DomainError(
        .stateConflict,
        "\(card.name) version \(card.scorecard.version) is \(card.state.rawValue); only an adopted "
          + "scorecard rates", field: "scorecard", metadata: ["state": card.state.rawValue])
    }
    guard caller.covers(region: firm.regionCode) else {
      throw DomainError(
        .outOfScope, "region \(firm.regionCode) is outside \(caller.regionPrefix)", field: "region_code")
    }
    let today = try now.shanghaiDate()
    guard day <= today else { throw .invalid("business_date", "\(day) is after today, \(today)") }
    let scorecard = card.scorecard
    let values = try scorecard.valuesInOrder(inputs)
    let ordered = zip(scorecard.characteristics, values).map { (id: $0.id, value: $1) }
    self.firm = firm
    scorecardID = scorecard.id
    scorecardVersion = scorecard.version
    businessDate = day
    self.inputs = ordered.map { Input(characteristicID: $0.id, value: $0.value) }
    constantPoints = scorecard.constantPoints
    result = try scorecard.rate(ordered)
    previousGrade = ""
    digest = ""
    id = ""
    rater = StoredScorecard.person(caller)
    createTime = now
    digest = SHA256Digest.hex(canonicalText(scorecardDigest: card.digest))
    id = String(digest.prefix(32))
  }

  package var name: String { "ratings/\(id)" }

  /// The text that a rating's digest covers: no time of day, no person and no policy pack.
  package func canonicalText(scorecardDigest: String) -> String {
    var lines = [
      ["huirong-rating/1"], ["scorecard", scorecardID, "\(scorecardVersion)", scorecardDigest],
      ["enterprise", firm.id, firm.regionCode, firm.size?.rawValue ?? ""], ["date", businessDate.description],
    ]
    for input in inputs {
      switch input.value {
      case .number(let number): lines.append(["input", input.characteristicID, "number", "\(number)"])
      case .category(let name): lines.append(["input", input.characteristicID, "category", name])
      case .missing: lines.append(["input", input.characteristicID, "missing"])
      }
    }
    for part in result.contributions { lines.append(["points", part.characteristicID, part.bin, "\(part.points)"]) }
    lines.append(["total", "\(result.total)", result.grade, result.platformGrade?.rawValue ?? ""])
    return CanonicalText.join(lines)
  }

  /// The rating with what became of the firm.
  /// - Throws: `INVALID_ARGUMENT` for a day outside the rating's life; `RESOURCE_EXISTS` when another outcome is on
  ///   record and no reason for a correction is given.
  package func observed(_ observation: ObservedOutcome, now: Instant) throws(DomainError) -> Rating {
    let today = try now.shanghaiDate()
    guard observation.day >= businessDate, observation.day <= today else {
      throw .invalid("observed_on", "must lie between \(businessDate), the rating's day, and today, \(today)")
    }
    if let known = outcome, known.outcome != observation.outcome, observation.correctionReason.isEmpty {
      throw DomainError(
        .resourceExists,
        "\(name) has the outcome \(known.outcome.rawValue) of \(known.day); a correction states its "
          + "reason", field: "correction_reason", metadata: ["resource": name])
    }
    var rating = self
    rating.outcome = observation
    return rating
  }

  package func isVisible(to caller: Caller) -> Bool {
    caller.role == .enterprise ? caller.organisation == firm.id : caller.covers(region: firm.regionCode)
  }
}
