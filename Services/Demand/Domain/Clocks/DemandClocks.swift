package import Kernel
package import Policy

/// One deadline of a demand.
package struct DemandClock: Hashable, Sendable {
  package enum Standing: String, Sendable, Hashable, CaseIterable {
    case running, paused, met
    case metLate = "met_late"
    case overdue
  }

  package var kind: ClockKind
  package var startedOn: BusinessDate
  /// Its last day, pauses included.
  package var dueOn: BusinessDate
  package var metOn: BusinessDate?
  package var days: PolicyDays
  package var citation: Citation
  /// Who has to meet it; `nil` while nobody has claimed the demand.
  package var institution: String?

  package init(
    kind: ClockKind, startedOn: BusinessDate, dueOn: BusinessDate, metOn: BusinessDate?, days: PolicyDays,
    citation: Citation, institution: String?
  ) {
    self.kind = kind
    self.startedOn = startedOn
    self.dueOn = dueOn
    self.metOn = metOn
    self.days = days
    self.citation = citation
    self.institution = institution
  }

  /// - Parameter isPaused: whether the demand's clocks stand still on that day.
  package func standing(on date: BusinessDate, isPaused: Bool) -> Standing {
    if let metOn, metOn <= date { return metOn <= dueOn ? .met : .metLate }
    if dueOn < date { return .overdue }
    return isPaused ? .paused : .running
  }
}

/// The deadlines of a demand, computed from it, the packs and the State Council's calendar; nothing is stored but what the
/// demand says.
package enum DemandClocks {
  static func parameter(_ kind: ClockKind) -> String { "demand.\(kind.rawValue).days.cap" }

  /// The clocks of the push and the claim that stand, in the order in which they began.
  /// - Throws: `POLICY_NOT_STATED` when a deadline reaches into a year whose holidays are not entered.
  package static func of(_ demand: Demand, policy: PolicyBook) throws(DomainError) -> [DemandClock] {
    guard let pushedAt = demand.handling.pushedAt else { return [] }
    let pushedOn = try pushedAt.shanghaiDate()
    var clocks: [DemandClock] = []
    let claimedOn: BusinessDate?
    if let claim = demand.claim { claimedOn = try claim.at.shanghaiDate() } else { claimedOn = nil }
    // A broadcast is accepted by the first that takes it up.
    let acceptedOn = claimedOn == nil ? try day(demand.handling.takers.first?.claimedAt) : claimedOn
    // A demand that everybody has declined waits for nobody.
    if demand.state != .declined || claimedOn != nil {
      try add(.accept, from: pushedOn, met: acceptedOn, nil, demand, policy, to: &clocks)
    }
    guard let claim = demand.claim, let claimedOn else { return clocks }
    try add(
      .contact, from: claimedOn, met: day(demand.handling.contactedAt), claim.institution, demand, policy, to: &clocks)
    try add(
      .decide, from: claimedOn, met: day(demand.handling.decidedAt), claim.institution, demand, policy, to: &clocks)
    return clocks
  }

  /// Clocks that are unmet and whose last day is past; none while they stand still or once the demand has ended.
  package static func overdue(
    _ demand: Demand, on date: BusinessDate, policy: PolicyBook
  ) throws(DomainError) -> [DemandClock] {
    guard runs(demand) else { return [] }
    return try of(demand, policy: policy).filter { $0.metOn == nil && $0.dueOn < date && !isRecorded($0, demand) }
  }

  /// The first day on which something will be due that is not yet recorded as missed; `nil` when nothing is.
  package static func nextDue(_ demand: Demand, policy: PolicyBook) throws(DomainError) -> BusinessDate? {
    guard runs(demand) else { return nil }
    return try of(demand, policy: policy).filter { $0.metOn == nil && !isRecorded($0, demand) }.map(\.dueOn).min()
  }

  private static func runs(_ demand: Demand) -> Bool {
    switch demand.state {
    case .pushed, .claimed, .offered: !demand.handling.isPaused
    case .submitted, .assessed, .hard, .signed, .disbursed, .closed, .declined, .withdrawn, .expired: false
    }
  }

  private static func isRecorded(_ clock: DemandClock, _ demand: Demand) -> Bool {
    demand.handling.missed.contains {
      $0.kind == clock.kind && $0.dueOn == clock.dueOn && $0.institution == clock.institution
    }
  }

  private static func day(_ instant: Instant?) throws(DomainError) -> BusinessDate? {
    guard let instant else { return nil }
    return try instant.shanghaiDate()
  }

  private static func add(
    _ kind: ClockKind, from start: BusinessDate, met: BusinessDate?, _ institution: String?, _ demand: Demand,
    _ policy: PolicyBook, to clocks: inout [DemandClock]
  ) throws(DomainError) {
    let scope = PolicyScope(
      region: demand.region.text, product: demand.instrument == .bridgeLoan ? "bridge_loan" : nil)
    guard let cap = try policy.parameterIfStated(parameter(kind), as: .days, scope: scope, on: start) else { return }
    let calendar = WorkingCalendar(policy)
    let due = try shifted(
      calendar.deadline(cap.value, after: start), cap.value, start, demand.handling.pauses, calendar)
    clocks.append(
      DemandClock(
        kind: kind, startedOn: start, dueOn: due, metOn: met, days: cap.value, citation: Citation(cap.citation),
        institution: institution))
  }

  /// Each pause that began on or before the last day moves it by the days that it took from the clock's beginning on, in days
  /// of the clock's own kind.
  private static func shifted(
    _ due: BusinessDate, _ days: PolicyDays, _ start: BusinessDate, _ pauses: [Pause], _ calendar: WorkingCalendar
  ) throws(DomainError) -> BusinessDate {
    var due = due
    for pause in pauses {
      guard let to = pause.to, to > start, pause.from <= due else { continue }
      let from = max(pause.from, start)
      switch days.kind {
      case .calendar: due = try due.adding(days: to.days(since: from))
      case .working:
        var stood = 0
        var day = from
        while day < to {
          day = try day.adding(days: 1)
          if try calendar.isWorkingDay(day) { stood += 1 }
        }
        due = try calendar.date(stood, after: due)
      }
    }
    return due
  }
}
