import EvaluationDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension FactInput {
  /// What concerns one row alone is refused row by row later; only malformed evidence refuses the request.
  init(_ proto: Huirong_Evaluation_V1_FactInput) throws(DomainError) {
    var evidence = ""
    if proto.hasEvidence {
      try Require.text(proto.evidence.kind, "evidence.kind", maximum: 64)
      try Require.text(
        proto.evidence.reference, "evidence.reference", maximum: FactInput.maximumEvidenceLength)
      evidence = "\(proto.evidence.kind) \(proto.evidence.reference)"
    }
    try Require.optionalText(proto.reason, "reason", maximum: FactInput.maximumReasonLength)
    self.init(
      institutionID: proto.institutionID, indicatorID: proto.indicatorID, period: proto.period, value: proto.value,
      unit: Self.unit(proto), isCorrection: proto.correction, evidence: evidence,
      reason: proto.reason)
  }

  private static func unit(_ proto: Huirong_Evaluation_V1_FactInput) -> IndicatorUnit? {
    switch proto.unit {
    case .money: (try? Currency(proto.currencyCode)).map(IndicatorUnit.money)
    case .count where proto.currencyCode.isEmpty: .count
    case .ppm where proto.currencyCode.isEmpty: .ppm
    case .days where proto.currencyCode.isEmpty: .days
    case .microPoints where proto.currencyCode.isEmpty: .microPoints
    default: nil
    }
  }
}

extension Huirong_Evaluation_V1_SubmitFactsResponse {
  init(_ receipt: FactReceipt) {
    self.init()
    acceptedCount = Int32(receipt.accepted)
    correctedCount = Int32(receipt.corrected)
    unchangedCount = Int32(receipt.unchanged)
    pendingCount = Int32(receipt.pending)
    refusals = receipt.refusals.map { refusal in
      var proto = Huirong_Evaluation_V1_FactRefusal()
      proto.row = Int32(refusal.row)
      proto.reason = refusal.reason.proto
      proto.message = refusal.message
      return proto
    }
  }
}

extension FactRefusalReason {
  var proto: Huirong_Evaluation_V1_FactRefusalReason {
    switch self {
    case .unknownInstitution: .unknownInstitution
    case .unknownIndicator: .unknownIndicator
    case .notSubmittable: .notSubmittable
    case .invalidPeriod: .invalidPeriod
    case .futurePeriod: .futurePeriod
    case .wrongUnit: .wrongUnit
    case .conflictingDuplicate: .conflictingDuplicate
    case .nothingToCorrect: .nothingToCorrect
    case .negativeValue: .negativeValue
    case .notYours: .notYours
    case .outOfRange: .outOfRange
    case .reasonMissing: .reasonMissing
    case .wrongFrequency: .wrongFrequency
    case .notANumber: .notANumber
    case .malformedRow: .malformedRow
    }
  }
}

extension Huirong_Evaluation_V1_Fact {
  init(_ fact: Fact) {
    self.init()
    institutionID = fact.key.institutionID
    indicatorID = fact.key.indicatorID
    period = fact.key.period.description
    value = fact.value
    version = fact.version
    recordTime = Google_Protobuf_Timestamp(fact.recordTime)
    reporter = fact.reporter
    if let time = fact.supersedeTime { supersedeTime = Google_Protobuf_Timestamp(time) }
    daysLate = Int32(clamping: fact.daysLate)
    evidence = fact.evidence
    reason = fact.reason
    confirmer = fact.confirmer
  }
}

extension Huirong_Evaluation_V1_ImportFactsResponse {
  init(_ report: FactImport) {
    self.init()
    rows = report.lines.map { line in
      var proto = Huirong_Evaluation_V1_ImportedRow()
      proto.line = Int32(clamping: line.line)
      switch line.outcome {
      case .accepted: proto.outcome = .accepted
      case .corrected: proto.outcome = .corrected
      case .unchanged: proto.outcome = .unchanged
      case .pending: proto.outcome = .pending
      case .refused(let reason, let message):
        proto.outcome = .refused
        proto.reason = reason.proto
        proto.message = message
      }
      return proto
    }
    let receipt = report.receipt
    acceptedCount = Int32(receipt.accepted)
    correctedCount = Int32(receipt.corrected)
    unchangedCount = Int32(receipt.unchanged)
    pendingCount = Int32(receipt.pending)
    refusedCount = Int32(receipt.refusals.count)
  }
}

extension Huirong_Evaluation_V1_PendingFact {
  init(_ pending: PendingFact) {
    self.init()
    name = "pendingFacts/\(pending.id)"
    fact = Huirong_Evaluation_V1_FactInput(pending.fact)
    submitter = pending.submitter
    createTime = Google_Protobuf_Timestamp(pending.createTime)
    switch pending.state {
    case .open: state = .open
    case .confirmed: state = .confirmed
    case .rejected: state = .rejected
    }
    decider = pending.decider
    decisionReason = pending.decisionReason
    if let time = pending.decideTime { decideTime = Google_Protobuf_Timestamp(time) }
  }
}

extension Huirong_Evaluation_V1_FactInput {
  init(_ fact: FactInput) {
    self.init()
    institutionID = fact.institutionID
    indicatorID = fact.indicatorID
    period = fact.period
    value = fact.value
    unit = fact.unit?.proto ?? .unspecified
    currencyCode = fact.unit?.currencyCode ?? ""
    correction = fact.isCorrection
    reason = fact.reason
    // Kind and reference were joined by the first space; a kind has none.
    if let space = fact.evidence.firstIndex(of: " ") {
      evidence.kind = String(fact.evidence[..<space])
      evidence.reference = String(fact.evidence[fact.evidence.index(after: space)...])
    }
  }
}
