package import Kernel

/// What identifies one value: whose, of what, and when.
package struct FactKey: Hashable, Sendable {
  package var institutionID: String
  package var indicatorID: String
  package var period: Period

  /// Of whom and of what.
  package struct Owner: Hashable, Sendable {
    package var institutionID: String
    package var indicatorID: String
  }

  package var owner: Owner { Owner(institutionID: institutionID, indicatorID: indicatorID) }

  package init(institutionID: String, indicatorID: String, period: Period) {
    self.institutionID = institutionID
    self.indicatorID = indicatorID
    self.period = period
  }
}

/// One row of a submission, as received.
package struct FactInput: Sendable, Hashable, Codable {
  package var institutionID: String
  package var indicatorID: String
  package var period: String
  package var value: Int64
  /// `nil` when the sender gave no unit or a currency that does not exist.
  package var unit: IndicatorUnit?
  package var isCorrection: Bool
  /// Kind and reference of the evidence; empty when none was named.
  package var evidence: String
  /// Why the value on record was wrong; with a correction only.
  package var reason: String

  package init(
    institutionID: String, indicatorID: String, period: String, value: Int64, unit: IndicatorUnit?,
    isCorrection: Bool = false, evidence: String = "", reason: String = ""
  ) {
    self.institutionID = institutionID
    self.indicatorID = indicatorID
    self.period = period
    self.value = value
    self.unit = unit
    self.isCorrection = isCorrection
    self.evidence = evidence
    self.reason = reason
  }

  /// Rows of one submission: what one transaction takes without holding the writer for long.
  package static let maximumBatch = 10_000
  package static let maximumEvidenceLength = 300
  package static let maximumReasonLength = 500
}

/// One value on record.
package struct Fact: Sendable, Hashable {
  package var key: FactKey
  package var value: Int64
  package var version: Int64
  package var recordTime: Instant
  package var reporter: String
  /// When a later version took its place; `nil` for the value in force.
  package var supersedeTime: Instant?
  /// Calendar days after the due date; 0 when in time or never due.
  package var daysLate: Int
  package var evidence: String
  /// Why the version before was wrong.
  package var reason: String
  /// The second person, `organisation/person`, where the indicator's rule asked for one.
  package var confirmer: String

  package init(
    key: FactKey, value: Int64, version: Int64, recordTime: Instant, reporter: String, supersedeTime: Instant? = nil,
    daysLate: Int = 0, evidence: String = "", reason: String = "", confirmer: String = ""
  ) {
    self.key = key
    self.value = value
    self.version = version
    self.recordTime = recordTime
    self.reporter = reporter
    self.supersedeTime = supersedeTime
    self.daysLate = daysLate
    self.evidence = evidence
    self.reason = reason
    self.confirmer = confirmer
  }
}

package enum FactRefusalReason: String, Sendable, Hashable, Codable, CaseIterable {
  case unknownInstitution, unknownIndicator, notSubmittable, invalidPeriod, futurePeriod, wrongUnit
  case conflictingDuplicate, nothingToCorrect, negativeValue, notYours
  case outOfRange, reasonMissing, wrongFrequency, notANumber, malformedRow
}

package struct FactRefusal: Sendable, Hashable, Codable {
  package var row: Int
  package var reason: FactRefusalReason
  package var message: String

  package init(row: Int, reason: FactRefusalReason, message: String) {
    self.row = row
    self.reason = reason
    self.message = message
  }
}

/// What became of one row.
package enum FactOutcome: Sendable, Hashable {
  case accepted, corrected, unchanged, pending
  case refused(FactRefusalReason, String)
}

/// What a submission did, as the caller is told and every replay repeats.
package struct FactReceipt: Sendable, Hashable, Codable {
  package var accepted: Int
  package var corrected: Int
  package var unchanged: Int
  package var pending: Int
  package var refusals: [FactRefusal]

  package init(
    accepted: Int = 0, corrected: Int = 0, unchanged: Int = 0, pending: Int = 0, refusals: [FactRefusal] = []
  ) {
    self.accepted = accepted
    self.corrected = corrected
    self.unchanged = unchanged
    self.pending = pending
    self.refusals = refusals
  }

  package init(_ outcomes: [FactOutcome]) {
    self.init()
    for (row, outcome) in outcomes.enumerated() {
      switch outcome {
      case .accepted: accepted += 1
      case .corrected: corrected += 1
      case .unchanged: unchanged += 1
      case .pending: pending += 1
      case .refused(let reason, let message):
        refusals.append(FactRefusal(row: row, reason: reason, message: message))
      }
    }
  }
}
