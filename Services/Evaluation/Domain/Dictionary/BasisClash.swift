/// Indicators that measure one concept on different bases. They are reported, never averaged.
package struct BasisClash: Sendable, Hashable {
  package struct Divergence: Sendable, Hashable {
    package var institutionID: String
    package var period: Period
    /// In the order of the clash's indicators.
    package var values: [Int64]

    package init(institutionID: String, period: Period, values: [Int64]) {
      self.institutionID = institutionID
      self.period = period
      self.values = values
    }
  }

  package var concept: String
  /// By id; at least two.
  package var indicators: [Indicator]
  /// What differs, as the fields of an indicator are called.
  package var differences: [String]
  /// Institutions and periods for which all of them have a value on record.
  package var compared = 0
  package var divergent = 0
  /// The first of the divergent ones.
  package var divergences: [Divergence] = []

  /// Divergences that are listed; the counts are of all.
  package static let maximumDivergences = 100

  /// - Parameter concept: empty for all.
  package static func all(among dictionary: some Sequence<Indicator>, concept: String = "") -> [BasisClash] {
    var groups: [String: [Indicator]] = [:]
    for indicator in dictionary {
      guard let named = indicator.concept, concept.isEmpty || named == concept else { continue }
      groups[named, default: []].append(indicator)
    }
    return groups.keys.sorted().compactMap { name in
      let indicators = (groups[name] ?? []).sorted { $0.id < $1.id }
      let differences = differences(indicators)
      guard indicators.count > 1, !differences.isEmpty else { return nil }
      return BasisClash(concept: name, indicators: indicators, differences: differences)
    }
  }

  private static func differences(_ indicators: [Indicator]) -> [String] {
    func differ(_ value: (Indicator) -> String) -> Bool { Set(indicators.map(value)).count > 1 }
    var names: [String] = []
    if differ({ $0.basis }) { names.append("basis") }
    if differ({ $0.unit.canonical }) { names.append("unit") }
    if differ({ $0.direction.rawValue }) { names.append("direction") }
    if differ({ $0.aggregation.rawValue }) { names.append("aggregation") }
    if differ({ $0.derivation?.canonical ?? "-" }) { names.append("derivation") }
    return names
  }

  /// Whether values can be laid side by side: all recorded, all in one unit.
  package var isComparable: Bool {
    Set(indicators.map(\.unit)).count == 1 && indicators.allSatisfy { $0.derivation == nil }
  }

  /// Takes note of one institution and period for which all indicators have a value.
  package mutating func compare(_ divergence: Divergence) {
    compared += 1
    guard Set(divergence.values).count > 1 else { return }
    divergent += 1
    if divergences.count < Self.maximumDivergences { divergences.append(divergence) }
  }
}
