import DemandDomain
import Kernel
import Policy
import Storage

/// One command inside its transaction: load, decide, persist, log, count.
struct DemandTransaction {
  let session: WriteSession
  let policy: PolicyBook
  let caller: Caller
  let now: Instant

  func run(_ command: DemandCommand) throws -> Demand {
    let loaded = try current(command)
    let situation = try situation(of: command, loaded?.item)
    let events = try DemandDecider.decide(command, on: situation, policy: policy, caller: caller, now: now)
    let context = EventContext(caller: caller, reason: command.reason, policyDigest: policy.digest, at: now)
    var demand = loaded?.item
    var number = loaded?.position
    for event in events {
      guard let next = Demand.applying(event, context, to: demand) else {
        throw DomainError(.internal, "an event of no demand")
      }
      let handling = next.handling.text
      number = try persist(next, handling: handling, number: number, by: event, before: demand)
      try log(event, before: demand, after: next, handling: handling, number: number, context)
      demand = next
    }
    guard let demand else { throw DomainError(.internal, "a command without effect") }
    try keepFirstLoan(loaded?.item, demand)
    return demand
  }

  /// A firm whose first loan is signed is a first-loan firm no longer, and is one again when that contract comes to nothing.
  private func keepFirstLoan(_ before: Demand?, _ after: Demand) throws {
    guard after.isFirstLoan != (before?.isFirstLoan ?? false) else { return }
    try EnterpriseTransaction(session: session, policy: policy, caller: caller, now: now)
      .keep(firstLoan: !after.isFirstLoan, of: after.enterprise, reason: "demands/\(after.id)")
  }

  private func current(_ command: DemandCommand) throws -> Listed<Demand>? {
    if case .submit = command { return nil }
    guard let loaded = try DemandRows.load(command.demandID, session) else {
      throw DomainError.notFound("demands/\(command.demandID)")
    }
    return loaded
  }

  /// Loads what the command's decision looks at, and nothing else.
  private func situation(of command: DemandCommand, _ demand: Demand?) throws -> DemandSituation {
    switch command {
    case .submit(let command): return try DemandSituations.submitted(command, session)
    case .assess, .reassess:
      guard let demand else { break }
      return try DemandSituations.judged(demand, session)
    case .push:
      guard let demand else { break }
      return try DemandSituations.pushed(demand, on: now.shanghaiDate(), session)
    case .sign:
      guard let demand else { break }
      return try DemandSituations.contracting(demand, session)
    case .claim, .offer, .disburse, .close, .decline, .withdraw, .expire, .escalate, .plan, .invite, .join,
      .acknowledge, .contact, .pause, .resume, .miss, .note, .attach, .reopen:
      break
    }
    return DemandSituation(demand: demand, enterprise: nil, otherContracts: [])
  }

  private func persist(
    _ demand: Demand, handling: String, number: Int64?, by event: DemandEvent, before: Demand?
  ) throws -> Int64 {
    guard let number, let before else {
      let sequence = try session.chainHead(Store.eventChain).sequence + 1
      return try DemandRows.insert(demand, handling: handling, sequence: sequence, session)
    }
    try DemandRows.update(
      demand, handling: handling, number: number, by: event, before: before, due: try due(demand), session)
    return number
  }

  /// When its next clock runs out. A year whose holidays are not entered has no deadlines to miss yet; reading the clocks
  /// says so.
  private func due(_ demand: Demand) throws -> BusinessDate? {
    do {
      return try DemandClocks.nextDue(demand, policy: policy)
    } catch let error as DomainError where error.reason == .policyNotStated {
      return nil
    }
  }

  /// The first event's sequence stands in the demand's row.
  private func log(
    _ event: DemandEvent, before: Demand?, after: Demand, handling: String, number: Int64?, _ context: EventContext
  ) throws {
    let sequence = try session.append(
      event: LogCodec.encode(event, from: before?.state, after: after, handling: handling, context), at: now)
    if before != nil {
      try session.execute(
        "INSERT INTO demand_events (demand, sequence) VALUES (?, ?)", [.integer(number), .integer(sequence)])
    }
    try TallyRows.add(try DemandTally.delta(before: before, after: after), region: after.region, session)
  }
}
