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
    package var reason: String
    package var daysLate: Int

    package init(
      key: FactKey, value: Int64, version: Int64, evidence: String, reason: String, daysLate: Int
    ) {
      self.key = key
      self.value = value
      self.version = version
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
    /// By row.
    package var outcomes: [FactOutcome] = []
    /// In the order of their places.
    package var writes: [Placed] = []
    /// In the order of the rows.
    package var held: [Held] = []

    package var receipt: FactReceipt { FactReceipt(outcomes) }
  }

  package struct Placed: Sendable, Hashable {
    package var place: FactPlace
    package var write: Write
    package init(place: FactPlace, write: Write) {
      self.place = place
      self.write = write
    }
  }

  /// A value on record.
  package struct Recorded: Sendable, Hashable {
    package var place: FactPlace
    package var current: Current
    package init(place: FactPlace, current: Current) {
      self.place = place
      self.current = current
    }
  }

  /// Rows whose form and references are right, in the order of their places and then of the rows; and why the others are
  /// refused.
  package struct Screening: Sendable {
    fileprivate var rows: [UInt64] = []
    fileprivate var refusals: [FactRefusal] = []

    package var places: some Sequence<FactPlace> { rows.lazy.map(FactPlace.init(ofRow:)) }
  }

  package let indicators: [Indicator]
  package let institutions: [Institution]
  package let caller: Caller
  package let today: BusinessDate

  /// - Parameters:
  ///   - indicators: those that the rows name, as far as there are any; places go by their positions.
  ///   - institutions: likewise.
  package init(indicators: [Indicator], institutions: [Institution], caller: Caller, today: BusinessDate) {
    self.indicators = indicators
    self.institutions = institutions
    self.caller = caller
    self.today = today
  }

  /// - Throws: `BATCH_TOO_LARGE`.
  package func screen(_ rows: [FactInput]) throws(DomainError) -> Screening {
    guard rows.count <= FactPlace.maximumRows else {
      throw DomainError(.batchTooLarge, "at most \(FactPlace.maximumRows) rows, not \(rows.count)", field: "facts")
    }
    var lookup = Lookup(self)
    var screening = Screening()
    screening.rows.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      switch check(row, &lookup) {
      case .place(let place): screening.rows.append(place.code << FactPlace.rowBits | UInt64(index))
      case .refused(let reason, let message):
        screening.refusals.append(FactRefusal(row: index, reason: reason, message: message))
      }
    }
    screening.rows.sort()
    return screening
  }

  /// What to write, given what is on record and what waits for the screened places.
  /// - Parameter current: ascending by place; others may be among them.
  package func decide(
    _ rows: [FactInput], screened: Screening, current: [Recorded], waiting: [FactPlace: Int64] = [:]
  ) throws(DomainError) -> Decision {
    var decision = Decision()
    decision.outcomes = [FactOutcome](repeating: .unchanged, count: rows.count)
    decision.writes.reserveCapacity(screened.rows.count)
    for refusal in screened.refusals { decision.outcomes[refusal.row] = .refused(refusal.reason, refusal.message) }
    var next = 0
    var first: (place: FactPlace, value: Int64)?
    for entry in screened.rows {
      let (place, index) = (FactPlace(ofRow: entry), FactPlace.row(of: entry))
      let value = rows[index].value
      if let first, first.place == place {
        if first.value != value {
          decision.outcomes[index] = .refused(
            .conflictingDuplicate, "an earlier row of this request says \(first.value), this one \(value)")
        }
        continue
      }
      first = (place, value)
      while next < current.count, current[next].place < place { next += 1 }
      let known = next < current.count && current[next].place == place ? current[next].current : nil
      try settle(rows[index], index, place, current: known, waiting: waiting[place], into: &decision)
    }
    decision.held.sort { $0.row < $1.row }
    return decision
  }

  private func settle(
    _ row: FactInput, _ index: Int, _ place: FactPlace, current: Current?, waiting: Int64?,
    into decision: inout Decision
  ) throws(DomainError) {
    let indicator = indicators[place.indicator]
    let key = FactKey(institutionID: row.institutionID, indicatorID: row.indicatorID, period: place.period)
    switch Self.settle(row.value, isCorrection: row.isCorrection, key: key, current: current) {
    case .unchanged: decision.outcomes[index] = .unchanged
    case .refused(let reason, let message): decision.outcomes[index] = .refused(reason, message)
    case .write where indicator.rules?.needsConfirmation(row.value) == true:
      if let waiting, waiting != row.value {
        decision.outcomes[index] = .refused(.conflictingDuplicate, "\(waiting) waits for confirmation")
        return
      }
      decision.outcomes[index] = .pending
      if waiting == nil { decision.held.append(Held(row: index, key: key)) }
    case .write(let version):
      decision.outcomes[index] = version == 1 ? .accepted : .corrected
      decision.writes.append(
        Placed(
          place: place,
          write: Write(
            key: key, value: row.value, version: version, evidence: row.evidence, reason: row.reason,
            daysLate: try indicator.rules?.daysLate(key.period, on: today) ?? 0)))
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
  fileprivate enum Checked {
    case place(FactPlace)
    case refused(FactRefusalReason, String)
  }

  /// Finds what rows name. Neighbours often name the same, which is then found without a search.
  fileprivate struct Lookup {
    private var indicators: [String: Int] = [:]
    private var institutions: [String: Int] = [:]
    private var periods: [String: Period] = [:]
    private var lastIndicator: (id: String, position: Int)?
    private var lastInstitution: (id: String, position: Int)?
    /// By institution: whether the caller reports for it.
    private(set) var isReporter: [Bool]
    /// Today's. Periods that begin in a later one are future; values of a running period are provisional but possible.
    let month: Int32

    init(_ intake: FactIntake) {
      for (position, indicator) in intake.indicators.enumerated() { indicators[indicator.id] = position }
      for (position, institution) in intake.institutions.enumerated() { institutions[institution.id] = position }
      isReporter = intake.institutions.map(intake.caller.mayReport)
      month = Period.month(intake.today).firstMonth
    }

    mutating func indicator(_ id: String) -> Int? {
      if let lastIndicator, lastIndicator.id == id { return lastIndicator.position }
      guard let position = indicators[id] else { return nil }
      lastIndicator = (id, position)
      return position
    }

    mutating func institution(_ id: String) -> Int? {
      if let lastInstitution, lastInstitution.id == id { return lastInstitution.position }
      guard let position = institutions[id] else { return nil }
      lastInstitution = (id, position)
      return position
    }

    mutating func period(_ text: String) -> Period? {
      if let known = periods[text] { return known }
      let period = try? Period(text)
      periods[text] = period
      return period
    }
  }

  private func check(_ row: FactInput, _ lookup: inout Lookup) -> Checked {
    guard let owner = lookup.institution(row.institutionID) else {
      return .refused(.unknownInstitution, "institution \"\(row.institutionID.prefix(64))\" is not registered")
    }
    guard lookup.isReporter[owner] else {
      return .refused(.notYours, "\(caller.organisation) may not report for \(row.institutionID)")
    }
    guard let subject = lookup.indicator(row.indicatorID) else {
      return .refused(.unknownIndicator, "indicator \"\(row.indicatorID.prefix(64))\" is not in the dictionary")
    }
    let indicator = indicators[subject]
    guard indicator.source == .submitted else {
      return .refused(.notSubmittable, "indicator \(indicator.id) is \(indicator.source.canonical), not submitted")
    }
    guard let period = lookup.period(row.period), period.months <= 12 else {
      return .refused(.invalidPeriod, "\"\(row.period.prefix(32))\" is not 2023, 2023-H1, 2023-Q3 or 2023-06")
    }
    guard period.firstMonth <= lookup.month else {
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
    return .place(FactPlace(indicator: subject, institution: owner, period: period))
  }

  private func broken(
    _ rules: SubmissionRules, _ row: FactInput, _ indicator: Indicator, _ period: Period
  ) -> Checked? {
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
