package import Kernel

/// A submitted value that waits, or waited, for another person.
package struct PendingFact: Sendable, Hashable, Codable {
  package enum State: String, Sendable, Hashable, Codable {
    case open, confirmed, rejected
  }

  package var id: String
  package var fact: FactInput
  /// `organisation/person`; the organisation alone is the reporter of the value.
  package var submitter: String
  package var reporter: String
  package var createTime: Instant
  package var state: State = .open
  package var decider: String = ""
  package var decisionReason: String = ""
  package var decideTime: Instant?

  package init(id: String, fact: FactInput, submitter: Caller, createTime: Instant) {
    self.id = id
    self.fact = fact
    self.submitter = Run.person(submitter)
    reporter = submitter.organisation
    self.createTime = createTime
  }

  /// The submission as another person decides it.
  /// - Throws: `STATE_CONFLICT` when it was decided before; `OUT_OF_SCOPE`, `SAME_OFFICER`.
  package func decided(
    _ decision: State, reason: String, by caller: Caller, institution: Institution, now: Instant
  ) throws(DomainError) -> PendingFact {
    guard state == .open else {
      throw DomainError(.stateConflict, "pendingFacts/\(id) was \(state.rawValue) by \(decider)")
    }
    guard caller.mayReport(for: institution) else {
      throw DomainError(.outOfScope, "\(caller.organisation) may not report for \(institution.id)", field: "name")
    }
    guard Run.person(caller) != submitter else {
      throw DomainError(.sameOfficer, "\(submitter) submitted the value; another person decides")
    }
    var pending = self
    pending.state = decision
    pending.decider = Run.person(caller)
    pending.decisionReason = reason
    pending.decideTime = now
    return pending
  }

  /// The value as it goes on record; `nil` when it is there already. Lateness is measured by the submission.
  /// - Throws: `STATE_CONFLICT` when another value came on record meanwhile, or the one to correct is gone.
  package func write(
    _ key: FactKey, rules: SubmissionRules?, current: FactIntake.Current?, submitted day: BusinessDate
  ) throws(DomainError) -> FactIntake.Write? {
    switch FactIntake.settle(fact.value, isCorrection: fact.isCorrection, key: key, current: current) {
    case .unchanged: return nil
    case .refused(_, let message): throw DomainError(.stateConflict, "pendingFacts/\(id): \(message)")
    case .write(let version):
      return FactIntake.Write(
        key: key, value: fact.value, version: version, evidence: fact.evidence, reason: fact.reason,
        daysLate: try rules?.daysLate(key.period, on: day) ?? 0)
    }
  }
}
