package import Kernel

/// The values of all indicators of a run: facts, aggregates of facts, and derivations of both.
package struct ValueResolver: Sendable {
  /// Why there is no value.
  package enum Absence: Hashable, Sendable {
    case noFact(indicatorID: String, period: Period)
    case zeroDenominator(indicatorID: String)
    case zeroBefore(indicatorID: String, period: Period)
  }

  package enum Value: Hashable, Sendable {
    case present(Int64)
    case absent(Absence)

    package var number: Int64? {
      if case .present(let value) = self { value } else { nil }
    }
  }

  private let facts: [InputFact]
  private let indicators: [String: Indicator]
  private let slots: [String: Int]
  /// Start of each (institution, indicator) run inside `facts`, `institutions × indicators + 1` entries.
  private let starts: [Int]
  /// A supposed change of one value.
  var supposition: Supposition?

  package init(_ input: RunInput) {
    self.init(indicators: input.indicators, institutions: input.institutions, facts: input.facts)
  }

  /// - Parameters:
  ///   - indicators: by id.
  ///   - institutions: by id.
  ///   - facts: ordered by institution, indicator and period, as `RunInput` keeps them.
  package init(indicators: [Indicator], institutions: [Institution], facts: [InputFact]) {
    self.facts = facts
    self.indicators = Dictionary(uniqueKeysWithValues: indicators.map { ($0.id, $0) })
    var slots: [String: Int] = [:]
    for (index, indicator) in indicators.enumerated() { slots[indicator.id] = index }
    self.slots = slots
    var starts: [Int] = []
    starts.reserveCapacity(institutions.count * indicators.count + 1)
    var position = 0
    for institution in institutions {
      for indicator in indicators {
        starts.append(position)
        while position < facts.count, facts[position].institutionID == institution.id,
          facts[position].indicatorID == indicator.id
        { position += 1 }
      }
    }
    starts.append(position)
    self.starts = starts
  }

  /// - Parameters:
  ///   - institution: index into the run's institutions.
  ///   - sources: when given, collects the facts that were used, as text.
  /// - Throws: `AMOUNT_OVERFLOW`.
  package func value(
    of id: String, in period: Period, institution: Int, sources: inout [String]?
  ) throws(DomainError) -> Value {
    let value = try recorded(id, in: period, institution: institution, sources: &sources)
    guard let supposition, supposition.institution == institution, supposition.indicatorID == id,
      supposition.endMonth == period.endMonth, case .present(let number) = value
    else { return value }
    return .present(try ExactRatio.round(Int128(number) + Int128(supposition.change), dividedBy: 1))
  }

  private func recorded(
    _ id: String, in period: Period, institution: Int, sources: inout [String]?
  ) throws(DomainError) -> Value {
    guard let indicator = indicators[id] else { return .absent(.noFact(indicatorID: id, period: period)) }
    guard let derivation = indicator.derivation else {
      return try base(indicator, in: period, institution: institution, sources: &sources)
    }
    switch derivation {
    case .ratio(let numerator, let denominator):
      let above = try value(of: numerator, in: period, institution: institution, sources: &sources)
      let below = try value(of: denominator, in: period, institution: institution, sources: &sources)
      guard case .present(let top) = above else { return above }
      guard case .present(let bottom) = below else { return below }
      if bottom == 0 { return .absent(.zeroDenominator(indicatorID: denominator)) }
      return .present(try Rate(top, over: bottom).ppm)
    case .increment(let base, _), .growth(let base, _):
      let spans = try derivation.spans(for: period, of: id)
      let current = try value(of: base, in: spans[0], institution: institution, sources: &sources)
      let previous = try value(of: base, in: spans[1], institution: institution, sources: &sources)
      guard case .present(let now) = current else { return current }
      guard case .present(let before) = previous else { return previous }
      let difference = Int128(now) - Int128(before)
      if case .increment = derivation {
        return .present(try ExactRatio.round(difference, dividedBy: 1))
      }
      if before == 0 { return .absent(.zeroBefore(indicatorID: base, period: spans[1])) }
      return .present(try ExactRatio.round(difference * 1_000_000, dividedBy: Int128(before.magnitude)))
    }
  }

  private func base(
    _ indicator: Indicator, in period: Period, institution: Int, sources: inout [String]?
  ) throws(DomainError) -> Value {
    guard let slot = slots[indicator.id] else { return .absent(.noFact(indicatorID: indicator.id, period: period)) }
    let cell = institution * slots.count + slot
    let range = starts[cell]..<starts[cell + 1]
    guard let total = try total(indicator, in: period, range: range, sources: &sources) else {
      return .absent(.noFact(indicatorID: indicator.id, period: period))
    }
    return .present(try ExactRatio.round(total, dividedBy: 1))
  }

  /// The aggregate of facts that are all months, without walking through years, halves and quarters: the same value.
  private func total(
    _ indicator: Indicator, in period: Period, range: Range<Int>, sources: inout [String]?
  ) throws(DomainError) -> Int128? {
    guard indicator.aggregation != .none, period.months > 1 else {
      return try aggregate(indicator, in: period, range: range, sources: &sources)
    }
    var low = range.lowerBound
    while low < range.upperBound, facts[low].period.firstMonth < period.firstMonth { low += 1 }
    var high = low
    while high < range.upperBound, facts[high].period.firstMonth < period.endMonth {
      if facts[high].period.months != 1 {
        return try aggregate(indicator, in: period, range: range, sources: &sources)
      }
      high += 1
    }
    let absent: Int128? = indicator.absentIsZero ? 0 : nil
    if low == high { return absent }
    if indicator.aggregation == .last {
      guard facts[high - 1].period.endMonth == period.endMonth else { return absent }
      note(facts[high - 1], &sources)
      return Int128(facts[high - 1].value)
    }
    // One fact a month at most: as many as there are months are all of them.
    if absent == nil, high - low < Int(period.months) { return nil }
    var total: Int128 = 0
    for index in low..<high {
      note(facts[index], &sources)
      total += Int128(facts[index].value)
    }
    return total
  }

  private func note(_ fact: InputFact, _ sources: inout [String]?) {
    if sources == nil { return }
    sources?.append("\(fact.indicatorID)[\(fact.period)] = \(fact.value) (v\(fact.version))")
  }

  private func aggregate(
    _ indicator: Indicator, in period: Period, range: Range<Int>, sources: inout [String]?
  ) throws(DomainError) -> Int128? {
    var hasPart = false
    // Facts are ordered by first month; an institution has few per indicator, so a scan beats a search.
    for index in range where period.contains(facts[index].period) {
      if facts[index].period == period {
        note(facts[index], &sources)
        return Int128(facts[index].value)
      }
      hasPart = true
    }
    let absent: Int128? = indicator.absentIsZero ? 0 : nil
    if !hasPart { return absent }
    switch indicator.aggregation {
    case .none: return absent
    case .last:
      guard let last = period.parts.last else { return absent }
      return try aggregate(indicator, in: last, range: range, sources: &sources)
    case .sum:
      var total: Int128 = 0
      for part in period.parts {
        guard let value = try aggregate(indicator, in: part, range: range, sources: &sources) else { return nil }
        total += value
      }
      return total
    }
  }
}

extension ValueResolver.Absence: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noFact(let indicator, let period): "no value of \(indicator) for \(period)"
    case .zeroDenominator(let indicator): "\(indicator) is zero, the ratio is undefined"
    case .zeroBefore(let indicator, let period): "\(indicator) was zero in \(period), growth is undefined"
    }
  }
}
