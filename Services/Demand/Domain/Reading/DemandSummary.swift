package import Kernel

/// Counts and sums over the demands of one place, as a fold over events: each event changes them by a delta that follows
/// from the demand before and after it alone.
package struct DemandTally: Sendable, Hashable {
  package var current: [DemandState: Int64]
  package var reached: [DemandState: Int64]
  package var amounts: [Currency: AmountTally]

  package init(
    current: [DemandState: Int64] = [:], reached: [DemandState: Int64] = [:], amounts: [Currency: AmountTally] = [:]
  ) {
    self.current = current
    self.reached = reached
    self.amounts = amounts
  }

  package var isZero: Bool {
    current.values.allSatisfy { $0 == 0 } && reached.values.allSatisfy { $0 == 0 }
      && amounts.values.allSatisfy { $0 == AmountTally() }
  }

  /// What one event changes.
  /// - Throws: `AMOUNT_OVERFLOW`.
  package static func delta(before: Demand?, after: Demand) throws(DomainError) -> DemandTally {
    var tally = DemandTally()
    if let before { tally.current[before.state, default: 0] -= 1 }
    tally.current[after.state, default: 0] += 1
    for state in after.reached.subtracting(before?.reached ?? []) { tally.reached[state] = 1 }
    var change = AmountTally(of: after)
    if let before { change = try change.subtracting(AmountTally(of: before)) }
    if change != AmountTally() { tally.amounts[after.amount.currency] = change }
    return tally
  }

  /// - Throws: `AMOUNT_OVERFLOW`.
  package mutating func add(_ other: DemandTally) throws(DomainError) {
    for (state, count) in other.current { current[state, default: 0] += count }
    for (state, count) in other.reached { reached[state, default: 0] += count }
    for (currency, amount) in other.amounts {
      amounts[currency] = try (amounts[currency] ?? AmountTally()).adding(amount)
    }
  }
}

/// Sums in minor units of one currency; the last three over demands with a standing contract.
package struct AmountTally: Sendable, Hashable {
  package var wanted: Int64
  /// The offers on which contracts were signed (授信).
  package var granted: Int64
  package var signed: Int64
  package var disbursed: Int64

  package init(wanted: Int64 = 0, granted: Int64 = 0, signed: Int64 = 0, disbursed: Int64 = 0) {
    self.wanted = wanted
    self.granted = granted
    self.signed = signed
    self.disbursed = disbursed
  }

  init(of demand: Demand) {
    self.init(wanted: demand.amount.minorUnits)
    // A demand that expired or was withdrawn after signing has no standing contract.
    switch demand.state {
    case .signed, .disbursed, .closed: break
    case .submitted, .assessed, .hard, .pushed, .claimed, .offered, .declined, .withdrawn, .expired: return
    }
    guard let contract = demand.contract else { return }
    granted = demand.offer?.amount.minorUnits ?? 0
    for member in demand.handling.members where member.contract != nil {
      granted &+= member.offer?.amount.minorUnits ?? 0
    }
    signed = demand.signedByAll?.minorUnits ?? contract.amount.minorUnits
    disbursed = demand.disbursedByAll.minorUnits
  }

  /// 授信率 = credit granted ÷ signed amount, never clamped (泰金监字〔2023〕2号); `nil` when nothing is signed.
  package var grantedRate: Rate? { signed == 0 ? nil : try? Rate(granted, over: signed) }

  /// 资金到位率 = funds in place ÷ signed amount, never clamped; `nil` when nothing is signed.
  package var disbursedRate: Rate? { signed == 0 ? nil : try? Rate(disbursed, over: signed) }

  /// - Throws: `AMOUNT_OVERFLOW`.
  package func adding(_ other: AmountTally) throws(DomainError) -> AmountTally {
    AmountTally(
      wanted: try Self.sum(wanted, other.wanted), granted: try Self.sum(granted, other.granted),
      signed: try Self.sum(signed, other.signed), disbursed: try Self.sum(disbursed, other.disbursed))
  }

  package func subtracting(_ other: AmountTally) throws(DomainError) -> AmountTally {
    try adding(
      AmountTally(wanted: -other.wanted, granted: -other.granted, signed: -other.signed, disbursed: -other.disbursed))
  }

  private static func sum(_ left: Int64, _ right: Int64) throws(DomainError) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    if overflow { throw .amountOverflow("\(left) + \(right)") }
    return sum
  }
}

/// The summary of a region: itself, and its parts one level lower.
package struct DemandSummary: Sendable, Hashable {
  package var sequence: Int64
  package var parts: [Part]
  package var total: DemandTally

  package struct Part: Sendable, Hashable {
    package var prefix: String
    package var tally: DemandTally

    package init(prefix: String, tally: DemandTally) {
      self.prefix = prefix
      self.tally = tally
    }
  }

  package init(sequence: Int64, parts: [Part], total: DemandTally) {
    self.sequence = sequence
    self.parts = parts
    self.total = total
  }

  /// Groups tallies of full region codes one level below the prefix.
  /// - Throws: `AMOUNT_OVERFLOW`.
  package static func make(
    prefix: String, rows: [(region: String, tally: DemandTally)], sequence: Int64
  ) throws(DomainError) -> DemandSummary {
    let levels = [2, 4, 6, 9, 12]
    let length = levels.first { $0 > prefix.utf8.count } ?? 12
    var total = DemandTally()
    var parts: [String: DemandTally] = [:]
    for row in rows {
      try total.add(row.tally)
      var part = parts[String(row.region.prefix(length))] ?? DemandTally()
      try part.add(row.tally)
      parts[String(row.region.prefix(length))] = part
    }
    let sorted = parts.sorted { $0.key < $1.key }.map { Part(prefix: $0.key, tally: $0.value) }
    return DemandSummary(sequence: sequence, parts: sorted, total: total)
  }
}
