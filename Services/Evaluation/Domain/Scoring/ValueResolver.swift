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

  /// An indicator with what it derives from, by slot; a slot is `nil` where the run does not know the indicator.
  private enum Content: Sendable {
    case base
    case ratio(numerator: Int?, denominator: Int?)
    case change(base: Int?)
  }

  private let facts: FactColumns
  private let indicators: [Indicator]
  private let contents: [Content]
  private let slots: [String: Int]
  /// A supposed change of one value.
  var supposition: Supposition?

  package init(_ input: RunInput) { self.init(indicators: input.indicators, facts: input.facts) }

  /// - Parameters:
  ///   - indicators: by id.
  ///   - facts: in the order of the indicators.
  package init(indicators: [Indicator], facts: FactColumns) {
    self.facts = facts
    self.indicators = indicators
    var slots: [String: Int] = [:]
    for (index, indicator) in indicators.enumerated() { slots[indicator.id] = index }
    self.slots = slots
    contents = indicators.map { indicator in
      switch indicator.derivation {
      case nil: .base
      case .ratio(let numerator, let denominator):
        .ratio(numerator: slots[numerator], denominator: slots[denominator])
      case .increment(let base, _), .growth(let base, _): .change(base: slots[base])
      }
    }
  }

  /// - Parameter institution: index into the run's institutions.
  /// - Throws: `AMOUNT_OVERFLOW`.
  package func value(of id: String, in period: Period, institution: Int) throws(DomainError) -> Value {
    var none: SourceTrail?
    return try value(of: id, in: period, institution: institution, sources: &none)
  }

  /// - Parameter sources: when given, collects where the facts that were used stand.
  func value(
    of id: String, in period: Period, institution: Int, sources: inout SourceTrail?
  ) throws(DomainError) -> Value {
    guard let slot = slots[id] else { return .absent(.noFact(indicatorID: id, period: period)) }
    return try value(slot: slot, in: period, institution: institution, sources: &sources)
  }

  func slot(of id: String) -> Int? { slots[id] }

  func value(
    slot: Int, in period: Period, institution: Int, sources: inout SourceTrail?
  ) throws(DomainError) -> Value {
    let value = try recorded(slot, in: period, institution: institution, sources: &sources)
    guard let supposition, supposition.institution == institution, supposition.endMonth == period.endMonth,
      supposition.indicatorID == indicators[slot].id, case .present(let number) = value
    else { return value }
    return .present(try ExactRatio.round(Int128(number) + Int128(supposition.change), dividedBy: 1))
  }

  private func recorded(
    _ slot: Int, in period: Period, institution: Int, sources: inout SourceTrail?
  ) throws(DomainError) -> Value {
    let indicator = indicators[slot]
    switch (contents[slot], indicator.derivation) {
    case (.ratio(let upper, let lower), .ratio(let numerator, let denominator)):
      let above = try part(upper, numerator, in: period, institution: institution, sources: &sources)
      let below = try part(lower, denominator, in: period, institution: institution, sources: &sources)
      guard case .present(let top) = above else { return above }
      guard case .present(let bottom) = below else { return below }
      if bottom == 0 { return .absent(.zeroDenominator(indicatorID: denominator)) }
      return .present(try Rate(top, over: bottom).ppm)
    case (.change(let slot), let derivation?):
      let spans = try derivation.spans(for: period, of: indicator.id)
      let base = derivation.bases[0]
      let current = try part(slot, base, in: spans[0], institution: institution, sources: &sources)
      let previous = try part(slot, base, in: spans[1], institution: institution, sources: &sources)
      guard case .present(let now) = current else { return current }
      guard case .present(let before) = previous else { return previous }
      let difference = Int128(now) - Int128(before)
      if case .increment = derivation { return .present(try ExactRatio.round(difference, dividedBy: 1)) }
      if before == 0 { return .absent(.zeroBefore(indicatorID: base, period: spans[1])) }
      return .present(try ExactRatio.round(difference * 1_000_000, dividedBy: Int128(before.magnitude)))
    default:
      guard
        let total = try total(
          slot, indicator, in: period, range: facts.columns[slot].cell(institution), sources: &sources)
      else { return .absent(.noFact(indicatorID: indicator.id, period: period)) }
      return .present(try ExactRatio.round(total, dividedBy: 1))
    }
  }

  /// What an indicator derives from.
  private func part(
    _ slot: Int?, _ id: String, in period: Period, institution: Int, sources: inout SourceTrail?
  ) throws(DomainError) -> Value {
    guard let slot else { return .absent(.noFact(indicatorID: id, period: period)) }
    return try value(slot: slot, in: period, institution: institution, sources: &sources)
  }

  /// The aggregate of facts that are all months, without walking through years, halves and quarters: the same value.
  private func total(
    _ slot: Int, _ indicator: Indicator, in period: Period, range: Range<Int>, sources: inout SourceTrail?
  ) throws(DomainError) -> Int128? {
    let column = facts.columns[slot]
    guard indicator.aggregation != .none, period.months > 1 else {
      return try aggregate(slot, indicator, in: period, range: range, sources: &sources)
    }
    let first = UInt32(truncatingIfNeeded: period.firstMonth) << 16
    let end = UInt32(truncatingIfNeeded: period.endMonth) << 16
    var low = range.lowerBound
    while low < range.upperBound, column.periods[low] < first { low += 1 }
    var high = low
    if low < range.upperBound, column.isMonthly, column.periods[range.upperBound - 1] < end {
      high = range.upperBound
    }
    while high < range.upperBound, column.periods[high] < end {
      if column.periods[high] & 0xFFFF != 1 {
        return try aggregate(slot, indicator, in: period, range: range, sources: &sources)
      }
      high += 1
    }
    let absent: Int128? = indicator.absentIsZero ? 0 : nil
    if low == high { return absent }
    if indicator.aggregation == .last {
      guard column.periods[high - 1] >> 16 + 1 == end >> 16 else { return absent }
      sources?.add(slot, (high - 1)..<high)
      return Int128(column.values[high - 1])
    }
    // One fact a month at most: as many as there are months are all of them.
    if absent == nil, high - low < Int(period.months) { return nil }
    sources?.add(slot, low..<high)
    return column.sum(low..<high)
  }

  private func aggregate(
    _ slot: Int, _ indicator: Indicator, in period: Period, range: Range<Int>, sources: inout SourceTrail?
  ) throws(DomainError) -> Int128? {
    let column = facts.columns[slot]
    var hasPart = false
    // Facts are ordered by first month; an institution has few per indicator, so a scan beats a search.
    for index in range {
      let found = Period(packed: column.periods[index])
      guard period.contains(found) else { continue }
      if found == period {
        sources?.add(slot, index..<(index + 1))
        return Int128(column.values[index])
      }
      hasPart = true
    }
    let absent: Int128? = indicator.absentIsZero ? 0 : nil
    if !hasPart { return absent }
    switch indicator.aggregation {
    case .none: return absent
    case .last:
      guard let last = period.parts.last else { return absent }
      return try aggregate(slot, indicator, in: last, range: range, sources: &sources)
    case .sum:
      var total: Int128 = 0
      for part in period.parts {
        guard let value = try aggregate(slot, indicator, in: part, range: range, sources: &sources) else { return nil }
        total += value
      }
      return total
    }
  }

  /// A trail for people to read, one fact a line.
  func texts(of ranges: some Sequence<SourceTrail.Stretch>) -> [String] {
    ranges.flatMap { stretch in
      let column = facts.columns[Int(stretch.column)]
      return (Int(stretch.low)..<Int(stretch.high)).map { index in
        let period = Period(packed: column.periods[index])
        return "\(indicators[Int(stretch.column)].id)[\(period)] = \(column.values[index]) (v\(column.versions[index]))"
      }
    }
  }
}

/// Which facts a value came from, as stretches of the run's columns.
struct SourceTrail: Hashable, Sendable {
  struct Stretch: Hashable, Sendable {
    var column: Int32
    var low: Int32
    var high: Int32
  }

  private(set) var stretches: [Stretch] = []

  mutating func add(_ column: Int, _ range: Range<Int>) {
    stretches.append(
      Stretch(column: Int32(column), low: Int32(range.lowerBound), high: Int32(range.upperBound)))
  }
}

extension FactColumn {
  fileprivate func sum(_ range: Range<Int>) -> Int128 {
    var total: Int64 = 0
    for index in range {
      let next = total.addingReportingOverflow(values[index])
      if next.overflow { return range.reduce(into: Int128(0)) { $0 += Int128(values[$1]) } }
      total = next.partialValue
    }
    return Int128(total)
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
