package import Kernel

/// A task that the city posts and one district takes up and reports on (揭榜挂帅).
package struct ChallengeTask: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Hashable, Codable {
    /// Posted; a district may claim it.
    case open
    case claimed
    /// The district says it is done.
    case reported
    case accepted
    /// Not done: the task does not open again, another one is posted.
    case failed
  }

  package struct Goal: Sendable, Hashable, Codable {
    package var indicatorID: String
    package var period: String
    package var value: Int64
    package init(indicatorID: String, period: String, value: Int64) {
      self.indicatorID = indicatorID
      self.period = period
      self.value = value
    }
  }

  package var id: String
  package var titleZH: String
  package var titleEN: String
  package var description: String
  /// Districts inside this region may claim it; empty for all.
  package var regionPrefix: String
  /// Last day on which a result may be reported.
  package var dueDate: BusinessDate
  package var goal: Goal?
  /// `organisation/person`.
  package var poster: String
  package var createTime: Instant

  package var state: State = .open
  package var claimRegion = ""
  package var claimant = ""
  package var plan = ""
  package var claimTime: Instant?
  package var result = ""
  package var evidence = ""
  package var reporter = ""
  package var reportTime: Instant?
  package var judge = ""
  package var judgement = ""
  package var judgeTime: Instant?
  /// The region's own value of the goal's indicator when it was judged.
  package var actual: Int64?

  package init(
    id: String, titleZH: String, titleEN: String, description: String, regionPrefix: String, dueDate: BusinessDate,
    goal: Goal?, poster: Caller, createTime: Instant
  ) {
    self.id = id
    self.titleZH = titleZH
    self.titleEN = titleEN
    self.description = description
    self.regionPrefix = regionPrefix
    self.dueDate = dueDate
    self.goal = goal
    self.poster = Run.person(poster)
    self.createTime = createTime
  }

  package static let maximumTextLength = 2000

  /// Changes with every change of state.
  package var etag: String { "\(state.rawValue)-\(claimRegion)" }

  /// - Throws: `INVALID_REGION`, `INVALID_ARGUMENT`, `RESOURCE_NOT_FOUND`.
  package func validate(today: BusinessDate, dictionary: (String) -> Indicator?) throws(DomainError) {
    if !regionPrefix.isEmpty, !EvaluationID.isRegionCode(regionPrefix) {
      throw DomainError(.invalidRegion, "a region code has 2 to 12 digits", field: "region_prefix")
    }
    guard dueDate >= today else { throw .invalid("due_date", "\(dueDate) is before today, \(today)") }
    guard let goal else { return }
    guard let indicator = dictionary(goal.indicatorID) else { throw .notFound("indicators/\(goal.indicatorID)") }
    guard indicator.isSummable(dictionary: dictionary) else {
      throw .invalid("goal.indicator_id", "\(indicator.id) cannot be summed over a region's institutions")
    }
    guard indicator.direction == .higherIsBetter else {
      throw .invalid("goal.indicator_id", "a goal is reached from below; less of \(indicator.id) is better")
    }
    guard goal.value > 0 else { throw .invalid("goal.value", "more than 0") }
    _ = try Period(goal.period, field: "goal.period")
  }

  /// The task as a district takes it up: the first one has it.
  /// - Throws: `ALREADY_CLAIMED`, `STATE_CONFLICT`, `OUT_OF_SCOPE`.
  package func claimed(
    by caller: Caller, plan: String, today: BusinessDate, now: Instant
  ) throws(DomainError) -> ChallengeTask {
    guard state == .open else {
      throw DomainError(.alreadyClaimed, "tasks/\(id) was claimed by \(claimRegion)", metadata: ["region": claimRegion])
    }
    guard caller.regionPrefix.utf8.count > regionPrefix.utf8.count, caller.regionPrefix.hasPrefix(regionPrefix) else {
      throw DomainError(
        .outOfScope, "a district inside \"\(regionPrefix)\" claims it, not one of \"\(caller.regionPrefix)\"",
        field: "name")
    }
    try requireInTime(today)
    var task = self
    task.state = .claimed
    task.claimRegion = caller.regionPrefix
    task.claimant = Run.person(caller)
    task.plan = plan
    task.claimTime = now
    return task
  }

  /// The task with the district's result.
  /// - Throws: `STATE_CONFLICT` unless it is claimed, or after the due date; `OUT_OF_SCOPE` for another district.
  package func reported(
    by caller: Caller, result: String, evidence: String, today: BusinessDate, now: Instant
  ) throws(DomainError) -> ChallengeTask {
    try require(.claimed)
    guard caller.regionPrefix == claimRegion else {
      throw DomainError(.outOfScope, "\(claimRegion) claimed tasks/\(id)", field: "name")
    }
    try requireInTime(today)
    var task = self
    task.state = .reported
    task.result = result
    task.evidence = evidence
    task.reporter = Run.person(caller)
    task.reportTime = now
    return task
  }

  /// The task as the office decides: a reported one by what was done, a claimed one as failed once it is overdue.
  /// - Parameter actual: the region's value of the goal's indicator, when the task has a goal and there is one.
  /// - Throws: `STATE_CONFLICT`; `OUT_OF_SCOPE` when a district judges its own work; `POLICY_CONDITION_FAILED` when a
  ///   goal that was not reached is accepted.
  package func judged(
    accepted: Bool, reason: String, actual: Int64?, by caller: Caller, today: BusinessDate, now: Instant
  ) throws(DomainError) -> ChallengeTask {
    if state == .claimed, !accepted, today > dueDate {
      // Overdue without a result: it may be failed as it stands.
    } else {
      try require(.reported)
    }
    guard caller.regionPrefix.utf8.count < claimRegion.utf8.count, claimRegion.hasPrefix(caller.regionPrefix) else {
      throw DomainError(.outOfScope, "the office above \(claimRegion) judges its work", field: "name")
    }
    if accepted, let goal, (actual ?? 0) < goal.value {
      throw DomainError(
        .policyConditionFailed,
        "\(goal.indicatorID) of \(claimRegion) in \(goal.period) is \(actual.map(String.init) ?? "not on record"), below \(goal.value)",
        metadata: ["goal": "\(goal.value)"])
    }
    var task = self
    task.state = accepted ? .accepted : .failed
    task.judgement = reason
    task.judge = Run.person(caller)
    task.judgeTime = now
    task.actual = actual
    return task
  }

  private func require(_ wanted: State) throws(DomainError) {
    guard state == wanted else {
      throw DomainError(
        .stateConflict, "tasks/\(id) is in state \(state.rawValue), not \(wanted.rawValue)",
        metadata: ["state": state.rawValue])
    }
  }

  private func requireInTime(_ today: BusinessDate) throws(DomainError) {
    guard today <= dueDate else { throw DomainError(.stateConflict, "tasks/\(id) was due on \(dueDate)") }
  }
}
