package import Kernel

/// Decides row by row what a submission may record. Pure: the store loads what the rows refer to, asks, and persists.
package struct FactIntake: Sendable {
  package struct Current: Sendable, Hashable {
    package var value: Int64
    package var version: Int64
    package init(value: Int64, version: Int64) {
      self.value = value
      self.version = version
    }
  }

  /// A value to be written; `version` 1 is new, more supersedes the one before.
  package struct Write: Sendable, Hashable {
    package var key: FactKey
    package var value: Int64
    package var version: Int64
    /// The value it takes the place of.
    package var replaces: Int64?
    package var evidence: String
    package var reason: String
    package var daysLate: Int

    package init(
      key: FactKey, value: Int64, version: Int64, replaces: Int64?, evidence: String, reason: String, daysLate: Int
    ) {
      self.key = key
      self.value = value
      self.version = version
      self.replaces = replaces
      self.evidence = evidence
      self.reason = reason
      self.daysLate = daysLate
    }
  }

  /// A row that waits for another person.
  package struct Held: Sendable, Hashable {
    package var row: Int
    package var key: FactKey
  }

  package struct Decision: Sendable {
    package var outcomes: [FactOutcome] = []
    package var writes: [Write] = []
    package var held: [Held] = []

    package var receipt: FactReceipt { FactReceipt(outcomes) }
  }

  package let indicators: [String: Indicator]
  package let institutions: [String: Institution]
  package let caller: Caller
  package let today: BusinessDate

  package init(
    indicators: [String: Indicator], institutions: [String: Institution], caller: Caller, today: BusinessDate
  ) {
    self.indicators = indicators
    self.institutions = institutions
    self.caller = caller
    self.today = today
  }

  /// A row whose form and references are right has a key; any other says why it is refused.
  package enum Screened: Sendable, Hashable {
    case key(FactKey)
    case refused(FactRefusalReason, String)

    package var key: FactKey? {
      if case .key(let key) = self { key } else { nil }
    }
  }

  package func screen(_ rows: [FactInput]) -> [Screened] {
    var periods: [String: Period] = [:]
    return rows.map { check($0, &periods) }
  }

  /// What to write, given what is on record and what waits for the screened keys.
  package func decide(
    _ rows: [FactInput], screened: [Screened], current: [FactKey: Current], waiting: [FactKey: Int64] = [:]
  ) throws(DomainError) -> Decision {
    var decision = Decision()
    decision.outcomes.reserveCapacity(rows.count)
    decision.writes.reserveCapacity(rows.count)
    var said: [FactKey: Int64] = [:]
    said.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      guard case .key(let key) = screened[index] else {
        if case .refused(let reason, let message) = screened[index] {
          decision.outcomes.append(.refused(reason, message))
        }
        continue
      }
      if let earlier = said[key] {
        decision.outcomes.append(
          earlier == row.value
            ? .unchanged
            : .refused(
              .conflictingDuplicate, "an earlier row of this request says \(earlier), this one \(row.value)"))
        continue
      }
      try settle(row, index, key, current: current[key], waiting: waiting[key], into: &decision)
      said[key] = row.value
    }
    return decision
  }

  private func settle(
    _ row: FactInput, _ index: Int, _ key: FactKey, current: Current?, waiting: Int64?, into decision: inout Decision
  ) throws(DomainError) {
    let rules = indicators[key.indicatorID]?.rules
    switch Self.settle(row.value, isCorrection: row.isCorrection, key: key, current: current) {
    case .unchanged: decision.outcomes.append(.unchanged)
    case .refused(let reason, let message): decision.outcomes.append(.refused(reason, message))
    case .write where rules?.needsConfirmation(row.value) == true:
      if let waiting, waiting != row.value {
        decision.outcomes.append(.refused(.conflictingDuplicate, "\(waiting) waits for confirmation"))
        return
      }
      decision.outcomes.append(.pending)
      if waiting == nil { decision.held.append(Held(row: index, key: key)) }
    case .write(let version):
      decision.outcomes.append(version == 1 ? .accepted : .corrected)
      decision.writes.append(
        Write(
          key: key, value: row.value, version: version, replaces: current?.value, evidence: row.evidence,
          reason: row.reason, daysLate: try rules?.daysLate(key.period, on: today) ?? 0))
    }
  }

  package enum Settlement: Sendable, Hashable {
    case unchanged
    case write(version: Int64)
    case refused(FactRefusalReason, String)
  }

  /// What a value does to the one on record.
  package static func settle(_ value: Int64, isCorrection: Bool, key: FactKey, current: Current?) -> Settlement {
    guard let current else {
      if isCorrection {
        return .refused(.nothingToCorrect, "no value on record for \(key.indicatorID) in \(key.period)")
      }
      return .write(version: 1)
    }
    if current.value == value { return .unchanged }
    guard isCorrection else {
      return .refused(
        .conflictingDuplicate, "\(current.value) is on record; mark the row as a correction to replace it")
    }
    return .write(version: current.version + 1)
  }
}

extension FactIntake {
  private func check(_ row: FactInput, _ periods: inout [String: Period]) -> Screened {
    guard let institution = institutions[row.institutionID] else {
      return .refused(.unknownInstitution, "institution \"\(row.institutionID.prefix(64))\" is not registered")
    }
    guard caller.mayReport(for: institution) else {
      return .refused(.notYours, "\(caller.organisation) may not report for \(institution.id)")
    }
    guard let indicator = indicators[row.indicatorID] else {
      return .refused(.unknownIndicator, "indicator \"\(row.indicatorID.prefix(64))\" is not in the dictionary")
    }
    guard indicator.source == .submitted else {
      return .refused(.notSubmittable, "indicator \(indicator.id) is \(indicator.source.canonical), not submitted")
    }
    guard let period = periods[row.period] ?? (try? Period(row.period)), period.months <= 12 else {
      return .refused(.invalidPeriod, "\"\(row.period.prefix(32))\" is not 2023, 2023-H1, 2023-Q3 or 2023-06")
    }
    periods[row.period] = period
    guard period.hasBegun(on: today) else {
      return .refused(.futurePeriod, "\(period) has not begun on \(today)")
    }
    guard row.unit == indicator.unit else {
      return .refused(
        .wrongUnit, "\(indicator.id) is in \(indicator.unit.canonical), not \(row.unit?.canonical ?? "an unknown unit")"
      )
    }
    if row.value < 0, !indicator.unit.allowsNegative {
      return .refused(.negativeValue, "\(indicator.id) cannot be \(row.value)")
    }
    if row.isCorrection == row.reason.isEmpty {
      return .refused(
        .reasonMissing,
        row.isCorrection ? "a correction says why the value was wrong" : "only a correction has a reason")
    }
    if let rules = indicator.rules, let refusal = broken(rules, row, indicator, period) { return refusal }
    return .key(FactKey(institutionID: institution.id, indicatorID: indicator.id, period: period))
  }

  private func broken(
    _ rules: SubmissionRules, _ row: FactInput, _ indicator: Indicator, _ period: Period
  ) -> Screened? {
    if let frequency = rules.frequency, frequency.months != period.months {
      return .refused(.wrongFrequency, "\(indicator.id) is reported by \(frequency.rawValue) periods, not \(period)")
    }
    if let minimum = rules.minimum, row.value < minimum {
      return .refused(.outOfRange, "\(row.value) is below \(minimum), the least that \(indicator.id) can be")
    }
    if let maximum = rules.maximum, row.value > maximum {
      return .refused(.outOfRange, "\(row.value) is above \(maximum), the most that \(indicator.id) can be")
    }
    return nil
  }
}

extension Caller {
  /// Institutions report for themselves; offices for those of their region; analysts and operators for all.
  package func mayReport(for institution: Institution) -> Bool {
    switch role {
    case .institution: organisation == institution.id
    case .regulator: covers(region: institution.regionCode)
    case .analyst, .operator, .service: true
    case .enterprise, .gridWorker, .adviser: false
    }
  }
}
