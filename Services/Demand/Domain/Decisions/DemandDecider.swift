package import Kernel
package import Policy

/// Everything a decision may look at; it has no other source.
package struct DemandSituation: Sendable {
  /// `nil` for a submission.
  package var demand: Demand?
  /// The firm as it is now; needed by submissions, judgements and contracts.
  package var enterprise: Enterprise?
  /// The firm's contracts on its other demands, for the 单户 total.
  package var otherContracts: [StandingContract]
  /// The other demands of the firm and its affiliates, newest first; needed by submissions, which look at the last of them,
  /// and by judgements, which look at all that may count.
  package var earlier: [EarlierDemand] = []
  /// 主办银行 of the firm's chain and 轮值行 of the month; needed by pushes.
  package var chainLeads: [String] = []
  package var dutyBanks: [String] = []

  package init(demand: Demand?, enterprise: Enterprise?, otherContracts: [StandingContract]) {
    self.demand = demand
    self.enterprise = enterprise
    self.otherContracts = otherContracts
  }
}

/// A contract of the firm on another demand.
package struct StandingContract: Sendable, Hashable {
  package var amount: Money
  package var signedOn: BusinessDate
  package var tenorMonths: Int64
  package var instrument: Instrument

  package init(amount: Money, signedOn: BusinessDate, tenorMonths: Int64, instrument: Instrument = .loan) {
    self.instrument = instrument
    self.amount = amount
    self.signedOn = signedOn
    self.tenorMonths = tenorMonths
  }

  /// Whether the debt may still be outstanding on a day.
  package func stands(on date: BusinessDate) -> Bool {
    guard let months = Int(exactly: tenorMonths), let maturity = try? signedOn.adding(months: months) else {
      return true
    }
    return date <= maturity
  }
}

/// The decisions: pure functions of command, situation, policy, caller and time. The table admits the command first;
/// the scope comes second; the command's own rules last, so that a caller out of scope learns nothing of the demand.
package enum DemandDecider {
  /// - Throws: `STATE_CONFLICT`, `ALREADY_CLAIMED`, `ROLE_NOT_ALLOWED`, `OUT_OF_SCOPE` and what the command's file names.
  package static func decide(
    _ command: DemandCommand, on situation: DemandSituation, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> [DemandEvent] {
    if let demand = situation.demand { try DemandScope.requireCommand(command.kind, on: demand, by: caller) }
    let row = try DemandMachine.admit(command.kind, situation.demand, by: caller.role)
    let events = try events(command, on: situation, policy: policy, caller: caller, now: now)
    try check(events, of: command, stayWithin: row, from: situation.demand)
    return events
  }

  private static func events(
    _ command: DemandCommand, on situation: DemandSituation, policy: PolicyBook, caller: Caller, now: Instant
  ) throws(DomainError) -> [DemandEvent] {
    if case .submit(let command) = command {
      return try command.decide(
        situation.enterprise, earlier: situation.earlier, policy: policy, caller: caller, now: now)
    }
    guard let demand = situation.demand else { throw .notFound("demands/\(command.demandID)") }
    switch command {
    case .submit: return []
    case .assess(let command), .reassess(let command):
      return try command.decide(demand, situation: situation, policy: policy, caller: caller, now: now)
    case .push(let command):
      return try command.decide(demand, situation: situation, policy: policy, caller: caller, now: now)
    case .claim(let command): return try command.decide(demand, caller: caller, now: now)
    case .offer(let command): return try command.decide(demand, caller: caller, now: now)
    case .sign(let command): return try command.decide(demand, situation: situation, caller: caller)
    case .disburse(let command): return try command.decide(demand, caller: caller)
    case .close(let command): return try command.decide(demand, caller: caller, now: now)
    case .decline(let command): return try command.decide(demand, caller: caller, now: now)
    case .withdraw(let command): return try command.decide(demand)
    case .expire(let command): return try command.decide(demand, now: now)
    case .escalate(let command): return try command.decide(demand, caller: caller, now: now)
    case .plan(let command): return try command.decide(demand, caller: caller, now: now)
    case .invite(let command): return try command.decide(demand, caller: caller)
    case .join(let command): return try command.decide(demand, caller: caller)
    case .acknowledge(let command): return try command.decide(demand, caller: caller)
    case .contact(let command): return try command.decide(demand, caller: caller)
    case .pause(let command): return try command.decide(demand, caller: caller, now: now)
    case .resume(let command): return try command.decide(demand, caller: caller, now: now)
    case .miss(let command): return try command.decide(demand, policy: policy, caller: caller, now: now)
    case .note(let command): return try command.decide(demand, caller: caller, now: now)
    case .attach(let command): return try command.decide(demand, caller: caller, now: now)
    case .reopen(let command): return try command.decide(demand)
    }
  }

  /// A decision that left its row of the table would be a defect: the command then fails and changes nothing.
  private static func check(
    _ events: [DemandEvent], of command: DemandCommand, stayWithin row: DemandMachine.Transition, from demand: Demand?
  ) throws(DomainError) {
    guard let last = events.last else { throw DomainError(.internal, "\(command.kind.rawValue) decided nothing") }
    let state = last.state(after: demand)
    guard row.to.contains(state) else {
      throw DomainError(.internal, "\(command.kind.rawValue) led to \(state.rawValue), which its row does not name")
    }
  }
}
