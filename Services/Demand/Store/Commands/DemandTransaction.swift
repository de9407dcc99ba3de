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
      number = try persist(next, number: number, by: event, before: demand)
      try log(event, before: demand, after: next, number: number, context)
      demand = next
    }
    guard let demand else { throw DomainError(.internal, "a command without effect") }
    return demand
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
    var situation = DemandSituation(demand: demand, enterprise: nil, otherContracts: [])
    switch command {
    case .submit(let command): situation.enterprise = try EnterpriseRows.load(command.enterprise, session)?.item
    case .assess, .reassess:
      guard let demand else { break }
      situation.enterprise = try EnterpriseRows.load(demand.enterprise, session)?.item
      situation.otherContracts = try otherContracts(of: demand)
    case .push, .claim, .offer, .sign, .disburse, .close, .decline, .withdraw, .expire: break
    }
    return situation
  }

  private func otherContracts(of demand: Demand) throws -> [StandingContract] {
    try session.query(
      """
      SELECT currency, contract_minor, contract_day, offer_tenor_months FROM demands
      WHERE enterprise = ? AND id <> ? AND contract_minor IS NOT NULL AND state IN ('signed', 'disbursed', 'closed')
      ORDER BY number
      """, [.text(demand.enterprise), .text(demand.id)]
    ) { row in
      var columns = Columns(row)
      let currency = try Currency(try columns.text())
      return StandingContract(
        amount: Money(try columns.integer(), currency), signedOn: try columns.day(), tenorMonths: try columns.integer())
    }
  }

  private func persist(
    _ demand: Demand, number: Int64?, by event: DemandEvent, before: Demand?
  ) throws -> Int64 {
    guard let number, let before else { return try DemandRows.insert(demand, session) }
    try DemandRows.update(demand, number: number, by: event, before: before, session)
    return number
  }

  private func log(
    _ event: DemandEvent, before: Demand?, after: Demand, number: Int64?, _ context: EventContext
  ) throws {
    let sequence = try session.append(
      event: LogCodec.encode(event, from: before?.state, after: after, context), at: now)
    try session.execute(
      "INSERT INTO demand_events (demand, sequence) VALUES (?, ?)", [.integer(number), .integer(sequence)])
    try TallyRows.add(try DemandTally.delta(before: before, after: after), region: after.region, session)
  }
}
