import EvaluationRatings
import Foundation
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension RatingOrder {
  /// Inputs that one request may bring.
  private static let maximumInputs = 100

  init(_ message: Huirong_Evaluation_V1_RateEnterpriseRequest) throws(DomainError) {
    let scorecard = try ResourceName.id(of: message.scorecard, in: "scorecards", field: "scorecard")
    try Require.text(message.enterprise, "enterprise", maximum: 64)
    guard ResourceName.isID(message.enterprise) else { throw .invalid("enterprise", "not the id of a firm") }
    try RatedFirm.checkRegion(message.regionCode, "region_code")
    try Require.known(message.sizeBand, "size_band")
    try Require.set(message.hasBusinessDate, "business_date")
    try Require.count(message.inputs.count, minimum: 1, maximum: Self.maximumInputs, "inputs")
    var inputs: [Input] = []
    for (index, input) in message.inputs.enumerated() {
      let path = "inputs[\(index)]"
      try Require.text(input.characteristicID, "\(path).characteristic_id", maximum: 64)
      switch input.value {
      case .number(let number): inputs.append(Input(id: input.characteristicID, value: .number(number)))
      case .category(let name):
        try Require.optionalText(name, "\(path).category", maximum: 200)
        inputs.append(Input(id: input.characteristicID, value: .category(name)))
      case .missing: inputs.append(Input(id: input.characteristicID, value: .missing))
      case nil:
        throw DomainError(
          .requiredFieldMissing, "a number, a category, or that it is missing", field: "\(path).value")
      }
    }
    self.init(
      scorecardID: scorecard,
      firm: RatedFirm(id: message.enterprise, regionCode: message.regionCode, size: RatedFirm.Size(message.sizeBand)),
      day: try BusinessDate(message.businessDate, field: "business_date"), inputs: inputs)
  }
}

extension RatedFirm {
  static func checkRegion(_ code: String, _ field: String) throws(DomainError) {
    guard (2...12).contains(code.utf8.count), code.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: field)
    }
  }
}

extension RatedFirm.Size {
  init?(_ band: Huirong_Common_V1_SizeBand) {
    switch band {
    case .micro: self = .micro
    case .small: self = .small
    case .medium: self = .medium
    case .large: self = .large
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }

  var proto: Huirong_Common_V1_SizeBand {
    switch self {
    case .micro: .micro
    case .small: .small
    case .medium: .medium
    case .large: .large
    }
  }
}

extension ObservedOutcome {
  init(_ message: Huirong_Evaluation_V1_RecordOutcomeRequest, reporter: Caller) throws(DomainError) {
    try Require.value(message.outcome, "outcome")
    try Require.set(message.hasObservedOn, "observed_on")
    guard message.hasEvidence else {
      throw DomainError(.evidenceMissing, "an outcome rests on evidence", field: "evidence")
    }
    self.init(
      outcome: message.outcome == .bad ? .bad : .good,
      day: try BusinessDate(message.observedOn, field: "observed_on"),
      evidenceKind: try Require.text(message.evidence.kind, "evidence.kind", maximum: 64),
      evidenceReference: try Require.text(message.evidence.reference, "evidence.reference"),
      reporter: StoredScorecard.person(reporter),
      correctionReason: try Require.optionalText(message.correctionReason, "correction_reason"))
  }
}

extension Outcome {
  var proto: Huirong_Evaluation_V1_RatingOutcome {
    switch self {
    case .good: .good
    case .bad: .bad
    }
  }
}

extension Huirong_Evaluation_V1_Rating {
  init(_ rating: Rating) {
    self.init()
    name = rating.name
    enterprise = rating.firm.id
    regionCode = rating.firm.regionCode
    if let size = rating.firm.size { sizeBand = size.proto }
    scorecard = "scorecards/\(rating.scorecardID)"
    scorecardVersion = Int32(clamping: rating.scorecardVersion)
    businessDate = Huirong_Common_V1_Date(rating.businessDate)
    inputs = rating.inputs.map { input in
      var proto = Huirong_Evaluation_V1_RatingInput()
      proto.characteristicID = input.characteristicID
      switch input.value {
      case .number(let number): proto.number = number
      case .category(let name): proto.category = name
      case .missing: proto.missing = .init()
      }
      return proto
    }
    constantPoints = rating.constantPoints
    contributions = rating.result.contributions.map { part in
      var proto = Huirong_Evaluation_V1_RatingContribution()
      proto.characteristicID = part.characteristicID
      proto.bin = part.bin
      proto.points = part.points
      proto.bestPoints = part.bestPoints
      return proto
    }
    totalPoints = rating.result.total
    grade = rating.result.grade
    if let platform = rating.result.platformGrade { platformGrade = platform.proto }
    reasons = rating.result.reasons.map(Huirong_Evaluation_V1_RatingReason.init)
    if let points = rating.result.pointsToNextGrade { pointsToNextGrade = points }
    previousGrade = rating.previousGrade
    digest = HexText.bytes(rating.digest)
    rater = rating.rater
    createTime = Google_Protobuf_Timestamp(rating.createTime)
    if let observed = rating.outcome {
      outcome = observed.outcome.proto
      outcomeDate = Huirong_Common_V1_Date(observed.day)
    }
  }
}

extension Huirong_Evaluation_V1_RatingReason {
  init(_ reason: RatingResult.Reason) {
    self.init()
    characteristicID = reason.characteristicID
    lostPoints = reason.lostPoints
    bin = reason.bin
    bestBin = reason.bestBin
    missing = reason.isMissing
    titleZh = reason.titleZH
    titleEn = reason.titleEN
  }
}

extension Huirong_Evaluation_V1_RatingEvent {
  init(_ entry: RatingLogEntry) {
    self.init()
    header.sequence = entry.sequence
    header.commitTimeMicros = entry.commitTime.microseconds
    header.type = entry.type
    header.subject = entry.subject
    header.actor = entry.actor
    header.hash = Data(entry.hash)
  }
}
