import Kernel

/// The case in which an officer takes the last step.
struct ControlledCase {
  /// Resource name; the reference of what the step posts.
  var subject: String
  var pool: String
  /// Everybody who took an earlier step of it.
  var hands: [Officer]
  /// Organisation that is paid; empty for none.
  var beneficiary = ""
  var terms = DecisionTerms()
  /// Nil for the day of the proposal.
  var date: BusinessDate?
}

extension DecisionContext {
  /// The last step of a controlled case is taken by an officer of the fund who took no earlier one, and who is not of the
  /// organisation that is paid. A person is an organisation and a subject: the same name elsewhere is somebody else.
  /// - Throws: `SAME_OFFICER`, `ROLE_NOT_ALLOWED`.
  func requireAnother(than hands: [Officer], for step: ControlledStep, beneficiary: String) throws(DomainError) {
    if let same = hands.first(where: { $0 == officer }) {
      throw DomainError(
        .sameOfficer, "a \(step.words) needs another officer than \(same), who took an earlier step of it",
        metadata: ["maker": "\(same)", "step": "\(step)"])
    }
    if !beneficiary.isEmpty && caller.organisation == beneficiary {
      throw DomainError(
        .sameOfficer, "a \(step.words) needs an officer of another organisation than its beneficiary \(beneficiary)",
        metadata: ["beneficiary": beneficiary, "step": "\(step)"])
    }
    try requireOfficer(for: step)
  }

  /// A person of the fund; a book may be read in by one of the suite's services.
  func requireOfficer(for step: ControlledStep) throws(DomainError) {
    guard caller.role == .operator || (step == .bookImport && caller.role == .service) else {
      throw DomainError(
        .roleNotAllowed, "a \(step.words) is decided by an officer of the fund, not by a caller of role \(caller.role)",
        metadata: ["step": "\(step)", "role": "\(caller.role)"])
    }
    if caller.subject.isEmpty {
      throw DomainError(
        .sameOfficer, "a \(step.words) needs a person: the credentials name none", metadata: ["step": "\(step)"])
    }
  }
}

extension FundTransaction {
  /// The last officer of a case steps up; what the step then posts is on record as theirs.
  func control(_ step: ControlledStep, _ work: ControlledCase, _ context: DecisionContext) throws {
    try context.requireAnother(than: work.hands, for: step, beneficiary: work.beneficiary)
    guard let date = work.date else {
      throw DomainError(.requiredFieldMissing, "business_date is required", field: "business_date")
    }
    let earlier = try decisions(step, of: work.subject)
    carry(
      out: Decision(
        id: Decision.id(of: step, work.subject, earlier.count + 1), step: step, pool: work.pool, subject: work.subject,
        terms: work.terms, makers: work.hands, checker: nil, state: .proposed, proposedOn: date, doneOn: nil,
        transfers: [], accepted: nil, stamp: RecordStamp(context.now)), on: date, context)
  }

  /// As `control`, for a step that another officer has proposed in the same terms.
  /// - Throws: `STATE_CONFLICT` without a proposal; `SAME_OFFICER`; `INVALID_ARGUMENT` when the terms differ.
  func controlProposed(_ step: ControlledStep, _ work: ControlledCase, _ context: DecisionContext) throws {
    guard var decision = try openDecision(step, of: work.subject) else {
      throw DomainError(
        .stateConflict, "a \(step.words) of \(work.subject) needs a proposal by another officer first",
        metadata: ["step": "\(step)", "resource": work.subject])
    }
    let hands = decision.makers + work.hands.filter { !decision.makers.contains($0) }
    try context.requireAnother(than: hands, for: step, beneficiary: work.beneficiary)
    if let field = decision.terms.difference(from: work.terms) {
      throw DomainError.invalid(field, "\(field) is not what \(decision.name) proposes")
    }
    let date = work.date ?? decision.proposedOn
    if date < decision.proposedOn {
      throw DomainError.invalid("business_date", "\(date) lies before the proposal of \(decision.proposedOn)")
    }
    decision.makers = hands
    carry(out: decision, on: date, context)
  }

  func decisions(_ step: ControlledStep, of subject: String) throws -> [Decision] {
    try records(Decision.self, RecordQuery(owner: subject)).filter { $0.step == step }
  }

  /// The proposal that waits for its second officer; a book's stands for all of its batches.
  func openDecision(_ step: ControlledStep, of subject: String) throws -> Decision? {
    try decisions(step, of: subject).last {
      $0.state == .proposed || (step == .bookImport && $0.state == .done)
    }
  }

  private func carry(out planned: Decision, on date: BusinessDate, _ context: DecisionContext) {
    var decision = planned
    decision.checker = context.officer
    decision.state = .done
    decision.doneOn = date
    decision.stamp.touch(context.now)
    authorise(decision)
  }

  /// Decides a command, and puts what it posted under the officers who stand for it. Cash that came in, by whatever
  /// command, goes to the bridge loans that wait for it.
  /// - Throws: what the decision throws; `INTERNAL` when a controlled posting has no two officers, whatever the command.
  package func carryOut<Command: FundCommand>(
    _ command: Command, _ context: DecisionContext
  ) throws -> Command.Outcome {
    let outcome = try command.decide(self, context)
    var posted: [String: [Int64]] = [:]
    var received: [String: BusinessDate] = [:]
    for transfer in ledger.recorded where transfer.phase.posts {
      if transfer.template.bringsCash { received[transfer.pool] = transfer.businessDate }
      guard transfer.template.takesTwoOfficers else { continue }
      guard let decision = authorised.first(where: { $0.covers(transfer) }) else {
        throw DomainError(
          .internal, "\(transfer.template.code) for \(transfer.reference) was posted without two officers")
      }
      if decision.step != .bookImport { posted[decision.id, default: []].append(transfer.number) }
    }
    for (pool, date) in received.sorted(by: { $0.key < $1.key }) { try serveQueue(ofPool: pool, context, on: date) }
    for var decision in authorised {
      decision.transfers += posted[decision.id] ?? []
      save(decision)
    }
    return outcome
  }
}

extension Decision {
  fileprivate func covers(_ transfer: Transfer) -> Bool {
    step.postings.contains(transfer.template) && transfer.pool == pool
      && (step == .bookImport || transfer.reference == subject)
  }
}
