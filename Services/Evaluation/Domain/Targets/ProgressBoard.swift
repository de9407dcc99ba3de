package import Kernel

/// Which lines of a board are wanted; empty texts for all.
package struct ProgressFilter: Sendable, Hashable {
  package var period: Period
  package var indicatorID: String
  package var institutionID: String
  package var regionCode: String
  package init(period: Period, indicatorID: String, institutionID: String, regionCode: String) {
    self.period = period
    self.indicatorID = indicatorID
    self.institutionID = institutionID
    self.regionCode = regionCode
  }
}

/// A target and how far it is reached.
package struct ProgressLine: Sendable, Hashable {
  package var target: Target
  package var unit: IndicatorUnit
  package var actual: ValueResolver.Value
  /// Never clamped; 0 without an actual value.
  package var attainmentPPM: Int64
}

/// Actual values of institutions and regions for their targets, from the facts on record.
package struct ProgressBoard {
  let indicators: [String: Indicator]
  let institutions: [Institution]
  private let indexes: [String: Int]
  private let resolver: ValueResolver

  /// - Parameters:
  ///   - needs: of the targets' indicators and period.
  ///   - institutions: all that any target speaks of.
  ///   - facts: of these institutions in this order.
  package init(needs: RunNeeds, institutions: [Institution], facts: FactColumns) {
    indicators = Dictionary(uniqueKeysWithValues: needs.indicators.map { ($0.id, $0) })
    self.institutions = institutions
    indexes = Dictionary(uniqueKeysWithValues: institutions.enumerated().map { ($1.id, $0) })
    resolver = ValueResolver(indicators: needs.indicators, facts: facts)
  }

  /// - Throws: `AMOUNT_OVERFLOW`; `INVALID_ARGUMENT` when the period does not fit the indicator.
  package func line(_ target: Target) throws(DomainError) -> ProgressLine {
    guard let indicator = indicators[target.indicatorID] else {
      throw .notFound("indicators/\(target.indicatorID)")
    }
    let actual: ValueResolver.Value
    switch target.subject {
    case .institution(let id):
      guard let index = indexes[id] else { throw .notFound("institutions/\(id)") }
      actual = try resolver.value(of: indicator.id, in: target.period, institution: index)
    case .region(let code):
      let members = institutions.indices.filter { institutions[$0].regionCode.hasPrefix(code) }
      actual = try regional(indicator, in: target.period, members: members)
    }
    var attainment: Int64 = 0
    if case .present(let value) = actual {
      let achieved =
        indicator.direction == .higherIsBetter ? Int128(value) : 2 * Int128(target.value) - Int128(value)
      attainment = try ExactRatio.round(achieved * 1_000_000, dividedBy: Int128(target.value))
    }
    return ProgressLine(target: target, unit: indicator.unit, actual: actual, attainmentPPM: attainment)
  }

  /// An institution's value.
  package func value(
    of indicatorID: String, in period: Period, institution: String
  ) throws(DomainError) -> ValueResolver.Value {
    guard let index = indexes[institution] else { throw .notFound("institutions/\(institution)") }
    return try resolver.value(of: indicatorID, in: period, institution: index)
  }

  /// A region's value, from its institutions.
  package func value(
    of indicatorID: String, in period: Period, region: String
  ) throws(DomainError) -> ValueResolver.Value {
    guard let indicator = indicators[indicatorID] else { throw .notFound("indicators/\(indicatorID)") }
    return try regional(
      indicator, in: period, members: institutions.indices.filter { institutions[$0].regionCode.hasPrefix(region) })
  }

  /// A quotient of sums, never a mean of quotients.
  package func regional(
    _ indicator: Indicator, in period: Period, members: [Int]
  ) throws(DomainError) -> ValueResolver.Value {
    guard let derivation = indicator.derivation else { return try sum(indicator, in: period, members: members) }
    let bases = derivation.bases.compactMap { indicators[$0] }
    let spans = try derivation.spans(for: period, of: indicator.id)
    guard let first = bases.first, let last = bases.last, let now = spans.first, let before = spans.last else {
      return .absent(.noFact(indicatorID: indicator.id, period: period))
    }
    let left = try regional(first, in: now, members: members)
    let right = try regional(last, in: before, members: members)
    guard case .present(let top) = left else { return left }
    guard case .present(let bottom) = right else { return right }
    switch derivation {
    case .ratio:
      if bottom == 0 { return .absent(.zeroDenominator(indicatorID: last.id)) }
      return .present(try Rate(top, over: bottom).ppm)
    case .increment: return .present(try ExactRatio.round(Int128(top) - Int128(bottom), dividedBy: 1))
    case .growth:
      if bottom == 0 { return .absent(.zeroBefore(indicatorID: last.id, period: before)) }
      return .present(
        try ExactRatio.round((Int128(top) - Int128(bottom)) * 1_000_000, dividedBy: Int128(bottom.magnitude)))
    }
  }

  /// The sum of those that have a value; absent when none has.
  private func sum(
    _ indicator: Indicator, in period: Period, members: [Int]
  ) throws(DomainError) -> ValueResolver.Value {
    var total: Int128 = 0
    var isPresent = false
    for member in members {
      if case .present(let value) = try resolver.value(
        of: indicator.id, in: period, institution: member)
      {
        total += Int128(value)
        isPresent = true
      }
    }
    guard isPresent else { return .absent(.noFact(indicatorID: indicator.id, period: period)) }
    return .present(try ExactRatio.round(total, dividedBy: 1))
  }
}
