package import Kernel

/// Whom a target binds.
package enum TargetSubject: Hashable, Sendable {
  case institution(String)
  /// Region prefix: the institutions with their seat there, together.
  case region(String)

  /// As stored and as a cursor; institutions sort before regions.
  package var text: String {
    switch self {
    case .institution(let id): "institution/\(id)"
    case .region(let code): "region/\(code)"
    }
  }

  package init?(text: String) {
    let parts = text.split(separator: "/", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "institution": self = .institution(String(parts[1]))
    case "region": self = .region(String(parts[1]))
    default: return nil
    }
  }
}

/// What a subject is to reach in one indicator and period.
package struct Target: Hashable, Sendable {
  package var subject: TargetSubject
  package var indicatorID: String
  package var period: Period
  package var value: Int64
  /// Why it replaces an earlier value.
  package var reason: String
  package var version: Int64
  /// `organisation/person`.
  package var setter: String
  package var recordTime: Instant

  package init(
    subject: TargetSubject, indicatorID: String, period: Period, value: Int64, reason: String, version: Int64 = 1,
    setter: String = "", recordTime: Instant
  ) {
    self.subject = subject
    self.indicatorID = indicatorID
    self.period = period
    self.value = value
    self.reason = reason
    self.version = version
    self.setter = setter
    self.recordTime = recordTime
  }

  package static let maximumBatch = 10_000
  package static let maximumReasonLength = 500

  /// - Throws: `INVALID_ARGUMENT`, `RESOURCE_NOT_FOUND`, `INVALID_REGION`.
  package func validate(
    indicator: Indicator?, isInstitutionKnown: (String) throws -> Bool, dictionary: (String) throws -> Indicator?
  ) throws {
    guard let indicator else { throw DomainError.notFound("indicators/\(indicatorID)") }
    guard value > 0 else { throw DomainError.invalid("value", "a target is more than 0") }
    switch subject {
    case .institution(let id):
      guard try isInstitutionKnown(id) else { throw DomainError.notFound("institutions/\(id)") }
    case .region(let code):
      guard EvaluationID.isRegionCode(code) else {
        throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: "region_code")
      }
      guard try indicator.isSummable(dictionary: dictionary) else {
        throw DomainError.invalid(
          "indicator_id", "\(indicator.id) cannot be summed over institutions, so a region has no value of it")
      }
    }
  }

  /// What to record, given what stands.
  /// - Throws: `INVALID_ARGUMENT` when another value comes without a reason, or a reason without another value.
  package func decide(current: Target?) throws(DomainError) -> Target? {
    guard let current else {
      if !reason.isEmpty { throw .invalid("reason", "no earlier target to change") }
      return self
    }
    if current.value == value { return nil }
    if reason.isEmpty {
      throw DomainError(.requiredFieldMissing, "the target was \(current.value); say why it changes", field: "reason")
    }
    var next = self
    next.version = current.version + 1
    return next
  }
}

package struct TargetReceipt: Sendable, Hashable, Codable {
  package var set = 0
  package var changed = 0
  package var unchanged = 0
  package init() {}
}

extension Indicator {
  /// Amounts and counts of institutions add up; so do quotients and differences of them, computed from the sums.
  func isSummable(dictionary: (String) throws -> Indicator?) rethrows -> Bool {
    guard let derivation else {
      switch unit {
      case .money, .count: return true
      case .ppm, .days, .microPoints: return false
      }
    }
    return try derivation.bases.allSatisfy { try dictionary($0)?.isSummable(dictionary: dictionary) ?? false }
  }
}
