package import Kernel

/// How often an indicator is reported.
package enum Frequency: String, Hashable, Sendable, Codable {
  case monthly, quarterly, halfYearly, yearly

  package var months: Int32 {
    switch self {
    case .monthly: 1
    case .quarterly: 3
    case .halfYearly: 6
    case .yearly: 12
    }
  }
}

/// What a submitted value of an indicator must satisfy.
package struct SubmissionRules: Hashable, Sendable, Codable {
  /// `nil` for any period.
  package var frequency: Frequency?
  /// Calendar days after the period's last day from which a value is late; `nil`: never late.
  package var dueDays: Int?
  package var minimum: Int64?
  package var maximum: Int64?
  /// A value of at least this magnitude waits until another person confirms it.
  package var confirmFrom: Int64?

  package init(
    frequency: Frequency? = nil, dueDays: Int? = nil, minimum: Int64? = nil, maximum: Int64? = nil,
    confirmFrom: Int64? = nil
  ) {
    self.frequency = frequency
    self.dueDays = dueDays
    self.minimum = minimum
    self.maximum = maximum
    self.confirmFrom = confirmFrom
  }

  /// A year: who asks for values later than that asks for history.
  package static let maximumDueDays = 366

  /// - Throws: `INVALID_ARGUMENT` naming the rule.
  func validate() throws(DomainError) {
    if let dueDays, !(0...Self.maximumDueDays).contains(dueDays) {
      throw .invalid("due_days", "0 to \(Self.maximumDueDays)")
    }
    if let minimum, let maximum, minimum > maximum { throw .invalid("minimum", "not above the maximum") }
    if let confirmFrom, confirmFrom <= 0 { throw .invalid("confirm_from", "more than 0") }
  }

  /// Whether a value waits for another person.
  package func needsConfirmation(_ value: Int64) -> Bool {
    confirmFrom.map { value.magnitude >= $0.magnitude } ?? false
  }

  /// Calendar days by which a value that comes on that day is late; 0 when in time or never due.
  package func daysLate(_ period: Period, on day: BusinessDate) throws(DomainError) -> Int {
    guard let dueDays else { return 0 }
    return max(0, day.days(since: try period.lastDay()) - dueDays)
  }
}
