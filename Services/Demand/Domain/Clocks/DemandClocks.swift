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

  /// A clock that ran out before the pause began stays overdue in it.
  /// - Parameter pausedFrom: since when the demand's clocks stand still; `nil` when they run.
  package func standing(on date: BusinessDate, pausedFrom: BusinessDate?) -> Standing {
    if let metOn, metOn <= date { return metOn <= dueOn ? .met : .metLate }
    if let pausedFrom, pausedFrom <= date, dueOn >= pausedFrom { return .paused }
    return dueOn < date ? .overdue : .running
  }
}

/// The deadlines of a demand, computed from it, the packs and the State Council's calendar; nothing is stored but what the
/// demand says.
package enum DemandClocks {
  /// The packs, and the day up to which an open pause counts.
  private struct Reading {
    let policy: PolicyBook
    let date: BusinessDate?
  }

  static func parameter(_ kind: ClockKind) -> String { "demand.\(kind.rawValue).days.cap" }

  /// The word by which packs scope a deadline to what is wanted.
  static func product(_ instrument: Instrument) -> String? {
    switch instrument {
    case .bridgeLoan: "bridge_loan"
    case .guarantee: "guarantee"
    case .loan: "loan"
    case .lease: "lease"
    case .insurance: "insurance"
    case .equity: "equity"
    case .factoring: "factoring"
    case .bond: "bond"
    }
  }

  /// The clocks of the push and the claim that stand, in the order in which they began.
  /// - Parameter date: the day up to which a pause that has not ended counts; `nil` leaves it out.
  /// - Throws: `POLICY_NOT_STATED` when a deadline reaches into a year whose holidays are not entered.
  package static func of(
    _ demand: Demand, policy: PolicyBook, on date: BusinessDate? = nil
  ) throws(DomainError) -> [DemandClock] {
    guard let waitsSince = demand.waitsSince else { return [] }
    let pushedOn = try waitsSince.shanghaiDate()
    let policy = Reading(policy: policy, date: date)
    var clocks: [DemandClock] = []
    let claimedOn: BusinessDate?
    if let claim = demand.claim { claimedOn = try claim.at.shanghaiDate() } else { claimedOn = nil }
    // A broadcast is accepted by the first that takes it up.
    let acceptedOn = claimedOn == nil ? try day(demand.handling.takers.first?.claimedAt) : claimedOn
    // A demand that everybody has declined waits for nobody, nor does it while it is judged again.
    let waits = demand.state != .declined && demand.state != .assessed && demand.state != .hard
    if waits || claimedOn != nil {
      try add(.accept, from: pushedOn, met: acceptedOn, nil, demand, policy, to: &clocks)
    }
    for taker in demand.handling.takers {
      try add(
        .decide, from: taker.claimedAt.shanghaiDate(), met: day(taker.offer?.at), taker.institution, demand, policy,
        to: &clocks)
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
    _ reading: Reading, to clocks: inout [DemandClock]
  ) throws(DomainError) {
    let scope = PolicyScope(region: demand.region.text, product: product(demand.instrument))
    guard let cap = try reading.policy.parameterIfStated(parameter(kind), as: .days, scope: scope, on: start) else {
      return
    }
    let calendar = WorkingCalendar(reading.policy)
    let due = try shifted(
      calendar.deadline(cap.value, after: start), cap.value, start, demand.handling.pauses, reading.date, calendar)
    clocks.append(
      DemandClock(
        kind: kind, startedOn: start, dueOn: due, metOn: met, days: cap.value, citation: Citation(cap.citation),
        institution: institution))
  }

  /// Each pause that began on or before the last day moves it by the days that it took from the clock's beginning on, in days
  /// of the clock's own kind.
  private static func shifted(
    _ due: BusinessDate, _ days: PolicyDays, _ start: BusinessDate, _ pauses: [Pause], _ date: BusinessDate?,
    _ calendar: WorkingCalendar
  ) throws(DomainError) -> BusinessDate {
    var due = due
    for pause in pauses {
      guard let to = pause.to ?? date, to > start, to > pause.from, pause.from <= due else { continue }
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

extension Demand {
  /// Since when it waits for somebody to take it up: its last push, or the refusal of the last who had claimed it.
  var waitsSince: Instant? {
    guard let pushedAt = handling.pushedAt else { return nil }
    let given = declines.last { decline in
      switch decline.fromState {
      case .claimed, .offered, .signed, .disbursed: claim.map { decline.at <= $0.at } ?? true
      case .submitted, .assessed, .hard, .pushed, .closed, .declined, .withdrawn, .expired: false
      }
    }
    return max(pushedAt, given?.at ?? pushedAt)
  }

  /// Since when its clocks stand still; `nil` when they run.
  package var pausedFrom: BusinessDate? { handling.pauses.last.flatMap { $0.to == nil ? $0.from : nil } }
}
