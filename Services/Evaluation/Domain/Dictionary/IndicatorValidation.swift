package import Kernel

extension Indicator {
  /// What an entry must satisfy given the dictionary it joins.
  /// - Throws: `INVALID_ARGUMENT` or `REQUIRED_FIELD_MISSING` naming the field of the entry.
  package func validate(dictionary: (String) -> Indicator?) throws(DomainError) {
    guard EvaluationID.isIndicatorID(id) else {
      throw .invalid("name", "an indicator id is 1 to 64 lower-case letters, digits, dots, hyphens or underscores")
    }
    try Self.requireTitle(titleZH, field: "title_zh")
    try Self.requireTitle(titleEN, field: "title_en")
    if basis.unicodeScalars.count > Self.maximumBasisLength {
      throw .invalid("basis", "longer than \(Self.maximumBasisLength) characters")
    }
    if let concept, !EvaluationID.isIndicatorID(concept) {
      throw .invalid("concept", "a concept is named like an indicator")
    }
    if let rules {
      guard source == .submitted else { throw .invalid("rules", "only submitted values have rules") }
      do throws(DomainError) { try rules.validate() } catch { throw error.within("rules") }
    }
    guard let derivation else { return }
    if aggregation != .none {
      throw .invalid("aggregation", "a derived indicator is computed from aggregated bases: AGGREGATION_NONE")
    }
    if absentIsZero {
      throw .invalid("absent_is_zero", "a derived indicator's value is undefined when its bases are, never zero")
    }
    try validate(derivation, dictionary: dictionary)
  }

  private func validate(_ derivation: Derivation, dictionary: (String) -> Indicator?) throws(DomainError) {
    var bases: [Indicator] = []
    for base in derivation.bases {
      guard let found = dictionary(base) else {
        throw .invalid("derivation", "indicator \"\(base)\" is not in the dictionary")
      }
      bases.append(found)
    }
    switch derivation {
    case .ratio:
      guard unit == .ppm else { throw .invalid("unit", "a ratio is in parts per million") }
      guard bases[0].unit == bases[1].unit else {
        throw .invalid(
          "derivation.ratio",
          "numerator and denominator differ in unit: \(bases[0].unit.canonical), \(bases[1].unit.canonical)")
      }
    case .growth(_, let years):
      guard unit == .ppm else { throw .invalid("unit", "growth is in parts per million") }
      try Self.requireWindow(years, field: "derivation.growth.window_years")
    case .increment(_, let years):
      guard unit == bases[0].unit else {
        throw .invalid("unit", "an increment has its base's unit, \(bases[0].unit.canonical)")
      }
      try Self.requireWindow(years, field: "derivation.increment.window_years")
    }
  }

  private static func requireWindow(_ years: Int, field: String) throws(DomainError) {
    guard (0...maximumWindowYears).contains(years) else { throw .invalid(field, "0 to \(maximumWindowYears) years") }
  }

  static func requireTitle(_ title: String, field: String) throws(DomainError) {
    if title.isEmpty { throw DomainError(.requiredFieldMissing, "a title is required", field: field) }
    if title.unicodeScalars.count > maximumTitleLength {
      throw .invalid(field, "longer than \(maximumTitleLength) characters")
    }
    if title.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      throw .invalid(field, "contains a control character")
    }
  }
}

/// Forms of the ids that this service gives meaning to.
package enum EvaluationID {
  /// Indicators, schemes and nodes are printed in paths and formulas: lower case only.
  package static func isIndicatorID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case 48...57, 97...122, 45, 46, 95: true
        default: false
        }
      }
  }

  /// Node, bonus and gate ids: no dots, because paths and formulas are read by people.
  package static func isNodeID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case 48...57, 97...122, 45: true
        default: false
        }
      }
  }

  package static func isRegionCode(_ text: String) -> Bool {
    (2...12).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
  }
}
