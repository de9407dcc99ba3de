package import Kernel

/// The rule an answer rests on, in the words of its document.
package struct PolicyCitation: Sendable, Hashable {
  /// `<pack>.<rule>`, e.g. `yantai-2023-8.guarantee_fee.cap.small`.
  package var ruleID: String
  /// Document number, e.g. `烟营办便函〔2023〕8号`.
  package var document: String
  package var article: String
  /// At most a clause; empty where the pack gives none.
  package var quote: String
}

/// Which side of a threshold is allowed.
package enum PolicyDirection: Sendable, Hashable {
  /// A cap: values up to it.
  case atMost
  /// A floor: values from it on.
  case atLeast
}

/// An answer: the value, whether a threshold belongs to what it allows, and the rule it comes from.
package struct PolicyValue<Value: Sendable & Hashable>: Sendable, Hashable {
  package var value: Value
  /// Whether the threshold itself is allowed; `true` for parameters that are no threshold.
  package var inclusive: Bool
  /// `nil` for parameters that are no threshold.
  package var direction: PolicyDirection?
  package var citation: PolicyCitation

  /// Whether the threshold allows the candidate; always when the parameter is no threshold.
  private func admits(_ candidate: Int64, threshold: Int64) -> Bool {
    switch direction {
    case nil: true
    case .atMost: inclusive ? candidate <= threshold : candidate < threshold
    case .atLeast: inclusive ? candidate >= threshold : candidate > threshold
    }
  }
}

extension PolicyValue where Value == Rate {
  package func admits(_ candidate: Rate) -> Bool { admits(candidate.ppm, threshold: value.ppm) }
}

extension PolicyValue where Value == Int64 {
  package func admits(_ candidate: Int64) -> Bool { admits(candidate, threshold: value) }
}

extension PolicyValue where Value == Grade {
  package func admits(_ candidate: Grade) -> Bool {
    switch direction {
    case nil: true
    case .atMost: inclusive ? candidate <= value : candidate < value
    case .atLeast: inclusive ? candidate >= value : candidate > value
    }
  }
}

extension PolicyValue where Value == PolicyDays {
  /// - Parameter days: counted the way `value.kind` says.
  package func admits(days: Int64) -> Bool { admits(days, threshold: value.count) }
}

extension PolicyValue where Value == Money {
  /// - Throws: `CURRENCY_MISMATCH`.
  package func admits(_ candidate: Money) throws(DomainError) -> Bool {
    guard candidate.currency == value.currency else {
      throw DomainError(.currencyMismatch, "\(candidate.currency) and \(value.currency) cannot be compared")
    }
    return admits(candidate.minorUnits, threshold: value.minorUnits)
  }
}
