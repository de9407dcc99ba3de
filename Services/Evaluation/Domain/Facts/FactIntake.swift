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
    package var evidence: String
  }

  package struct Decision: Sendable {
    package var receipt = FactReceipt()
    package var writes: [Write] = []
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

  /// The rows whose form and references are right, with their keys, and the refusals of the others.
  package func screen(_ rows: [FactInput]) -> (keys: [FactKey?], refusals: [FactRefusal]) {
    var keys: [FactKey?] = []
    keys.reserveCapacity(rows.count)
    var refusals: [FactRefusal] = []
    var periods: [String: Period] = [:]
    for (index, row) in rows.enumerated() {
      switch check(row, &periods) {
      case .key(let key): keys.append(key)
      case .refused(let reason, let message):
        keys.append(nil)
        refusals.append(FactRefusal(row: index, reason: reason, message: message))
      }
    }
    return (keys, refusals)
  }

  /// What to write, given what is on record for the screened keys.
  package func decide(
    _ rows: [FactInput], screened: (keys: [FactKey?], refusals: [FactRefusal]), current: [FactKey: Current]
  ) -> Decision {
    var decision = Decision()
    decision.receipt.refusals = screened.refusals
    var written: [FactKey: Int64] = [:]
    for (index, row) in rows.enumerated() {
      guard let key = screened.keys[index] else { continue }
      let outcome = settle(row, key: key, current: current[key], earlierRow: written[key])
      switch outcome {
      case .unchanged: decision.receipt.unchanged += 1
      case .refused(let reason, let message):
        decision.receipt.refusals.append(FactRefusal(row: index, reason: reason, message: message))
      case .write(let version):
        written[key] = row.value
        if version == 1 { decision.receipt.accepted += 1 } else { decision.receipt.corrected += 1 }
        decision.writes.append(Write(key: key, value: row.value, version: version, evidence: row.evidence))
      }
    }
    decision.receipt.refusals.sort { $0.row < $1.row }
    return decision
  }

  private enum Screening {
    case key(FactKey)
    case refused(FactRefusalReason, String)
  }

  private func check(_ row: FactInput, _ periods: inout [String: Period]) -> Screening {
    guard let institution = institutions[row.institutionID] else {
      return .refused(.unknownInstitution, "institution \"\(row.institutionID.prefix(64))\" is not registered")
    }
    guard mayReport(for: institution) else {
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
    return .key(FactKey(institutionID: institution.id, indicatorID: indicator.id, period: period))
  }

  /// Institutions report for themselves; offices for those of their region; analysts and operators for all.
  private func mayReport(for institution: Institution) -> Bool {
    switch caller.role {
    case .institution: caller.organisation == institution.id
    case .regulator: caller.covers(region: institution.regionCode)
    case .analyst, .operator, .service: true
    case .enterprise, .gridWorker, .adviser: false
    }
  }

  private enum Settlement {
    case unchanged
    case write(version: Int64)
    case refused(FactRefusalReason, String)
  }

  private func settle(_ row: FactInput, key: FactKey, current: Current?, earlierRow: Int64?) -> Settlement {
    if let earlierRow {
      if earlierRow == row.value { return .unchanged }
      return .refused(
        .conflictingDuplicate, "an earlier row of this request says \(earlierRow), this one \(row.value)")
    }
    guard let current else {
      if row.isCorrection {
        return .refused(.nothingToCorrect, "no value on record for \(key.indicatorID) in \(key.period)")
      }
      return .write(version: 1)
    }
    if current.value == row.value { return .unchanged }
    guard row.isCorrection else {
      return .refused(
        .conflictingDuplicate, "\(current.value) is on record; mark the row as a correction to replace it")
    }
    return .write(version: current.version + 1)
  }
}
