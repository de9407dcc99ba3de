package import Kernel

/// Proposes a controlled step, the first officer's part. Another officer carries it out in the same terms.
package struct ProposeDecision: FundCommand {
  package var step: ControlledStep
  /// Resource name of the case.
  package var subject: String
  package var terms: DecisionTerms
  package var businessDate: BusinessDate

  package init(step: ControlledStep, subject: String, terms: DecisionTerms, businessDate: BusinessDate) {
    self.step = step
    self.subject = subject
    self.terms = terms
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Decision {
    guard step.isProposed else {
      throw DomainError.invalid("step", "a \(step.words) follows an earlier step of its own case and is not proposed")
    }
    try context.requireOfficer(for: step)
    try Field.text(terms.reason, "reason", 1...FundLimits.reasonLength)
    let (pool, currency) = try place(fund)
    try requireTerms(currency)
    if let open = try fund.openDecision(step, of: subject) {
      throw DomainError(
        .stateConflict, "\(open.name) proposes a \(step.words) already: carry it out or withdraw it",
        metadata: ["resource": open.name, "state": "\(open.state)"])
    }
    let earlier = try fund.decisions(step, of: subject)
    let decision = Decision(
      id: Decision.id(of: step, subject, earlier.count + 1), step: step, pool: pool, subject: subject, terms: terms,
      makers: [context.officer], checker: nil, state: .proposed, proposedOn: businessDate, doneOn: nil, transfers: [],
      accepted: nil, stamp: RecordStamp(context.now))
    fund.save(decision)
    fund.emit(
      .decisionProposed, decision.name, pool: pool, state: "proposed", party: "\(context.officer)",
      amount: terms.money, on: businessDate)
    return decision
  }

  /// Pool and currency of the case.
  /// - Throws: what the step itself would, where that can be told already.
  private func place(_ fund: FundTransaction) throws -> (String, Currency) {
    switch step {
    case .writeOff, .recovery:
      let guarantee = try fund.guarantee(id("guarantees"))
      guard let claim = guarantee.claim, claim.paidOn != nil else { throw conflict(guarantee.name, guarantee.state) }
      if step == .writeOff && guarantee.state == .writtenOff { throw conflict(guarantee.name, guarantee.state) }
      try requireOpen(claim.total - claim.recovered)
      return (guarantee.pool, guarantee.currency)
    case .compensationRecovery:
      let cover = try fund.record(Cover.self, id("covers"), in: "covers")
      guard cover.state == .compensated, let work = cover.work else { throw conflict(cover.name, cover.state) }
      try requireOpen(work.eligible - cover.recovered)
      return (cover.pool, cover.currency)
    case .partyPayment:
      let id = try id("accounts")
      guard let account = try fund.ledger.account(id: id) else { throw DomainError.notFound("accounts/\(id)") }
      try requireOpen(try account.owedToParty)
      return (account.pool, account.currency)
    case .guaranteeExtension:
      let guarantee = try fund.guarantee(id("guarantees"))
      guard guarantee.state == .inForce else { throw conflict(guarantee.name, guarantee.state) }
      return (guarantee.pool, guarantee.currency)
    case .programmeResumption:
      let programme = try fund.bridgeProgramme(id("bridgeProgrammes"))
      if !programme.isSuspended(bank: terms.party) { throw conflict(programme.name, "open") }
      return (programme.pool, programme.currency)
    case .limitChange:
      let id = try id("accounts")
      guard let account = try fund.ledger.account(id: id) else { throw DomainError.notFound("accounts/\(id)") }
      return (account.pool, account.currency)
    default:
      let facility = try fund.facility(id("facilities"))
      if step == .breakerReset && facility.breaker == .closed { throw conflict(facility.name, facility.breaker) }
      return (facility.pool, facility.currency)
    }
  }

  private func conflict(_ name: String, _ state: Any) -> DomainError {
    DomainError(
      .stateConflict, "\(name) is \(state): there is no \(step.words) to propose",
      metadata: ["resource": name, "state": "\(state)"])
  }

  private func requireOpen(_ open: Int64) throws(DomainError) {
    guard let amount = terms.amount, amount > open else { return }
    throw DomainError(
      .limitExceeded, "\(amount) is more than the \(open) still open", field: "amount",
      metadata: ["open_minor_units": "\(open)"])
  }

  private func id(_ collection: String) throws(DomainError) -> String {
    try ResourceName.id(of: subject, in: collection, field: "subject")
  }

  private func requireTerms(_ currency: Currency) throws(DomainError) {
    let hasAmount = step == .recovery || step == .compensationRecovery || step == .partyPayment
    if hasAmount {
      guard let amount = terms.money else {
        throw DomainError(.requiredFieldMissing, "amount is required", field: "amount")
      }
      try Field.positive(amount, "amount", in: currency)
    } else if terms.amount != nil {
      throw .invalid("amount", "a \(step.words) has no amount of its own")
    }
    if step == .limitChange {
      if terms.rule == nil { throw DomainError(.requiredFieldMissing, "limit is required", field: "limit") }
      if let bound = terms.bound, !(0...FundLimits.amountMinorUnits).contains(bound) {
        throw .invalid("bound_minor", "a bound lies between 0 and \(FundLimits.amountMinorUnits)")
      }
    } else if terms.rule != nil || terms.bound != nil {
      throw .invalid("limit", "only a change of limits names one")
    }
    try requireParty()
    if step == .guaranteeExtension {
      if terms.until == nil { throw DomainError(.requiredFieldMissing, "until is required", field: "until") }
    } else if terms.until != nil {
      throw .invalid("until", "only an extension has a new last day")
    }
  }

  private func requireParty() throws(DomainError) {
    switch step {
    case .partyPayment: try Field.text(terms.party ?? "", "party", 1...FundLimits.organisationLength)
    case .programmeResumption: try Field.text(terms.party ?? "", "party", 0...FundLimits.organisationLength)
    default: if terms.party != nil { throw .invalid("party", "a \(step.words) names no party") }
    }
  }
}

/// Takes a proposal back; any officer may, and the next one is another proposal.
package struct WithdrawDecision: FundCommand {
  package var decision: String
  package var businessDate: BusinessDate

  package init(decision: String, businessDate: BusinessDate) {
    self.decision = decision
    self.businessDate = businessDate
  }

  package func decide(_ fund: FundTransaction, _ context: DecisionContext) throws -> Decision {
    var decision = try fund.record(Decision.self, decision, in: "decisions")
    guard decision.state == .proposed || (decision.step == .bookImport && decision.state == .done) else {
      throw DomainError(
        .stateConflict, "\(decision.name) is \(decision.state)",
        metadata: ["resource": decision.name, "state": "\(decision.state)"])
    }
    try context.requireOfficer(for: decision.step)
    decision.state = .withdrawn
    decision.checker = context.officer
    decision.doneOn = businessDate
    decision.stamp.touch(context.now)
    fund.save(decision)
    fund.emit(
      .decisionWithdrawn, decision.name, pool: decision.pool, state: "withdrawn", party: "\(context.officer)",
      amount: decision.terms.money, on: businessDate)
    return decision
  }
}
