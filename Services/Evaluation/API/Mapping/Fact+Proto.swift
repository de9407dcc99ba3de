import EvaluationDomain
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf

extension FactInput {
  /// What concerns one row alone is refused row by row later; only malformed evidence refuses the request.
  init(_ proto: Huirong_Evaluation_V1_FactInput, field: String) throws(DomainError) {
    var evidence = ""
    if proto.hasEvidence {
      try Require.text(proto.evidence.kind, "\(field).evidence.kind", maximum: 64)
      try Require.text(
        proto.evidence.reference, "\(field).evidence.reference", maximum: FactInput.maximumEvidenceLength)
      evidence = "\(proto.evidence.kind) \(proto.evidence.reference)"
    }
    self.init(
      institutionID: proto.institutionID, indicatorID: proto.indicatorID, period: proto.period, value: proto.value,
      unit: Self.unit(proto), isCorrection: proto.correction, evidence: evidence)
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
  }
}
