import DemandDomain
import Kernel
import Policy

/// The domain without a store: folds decided events into demands.
struct Desk {
  var policy: PolicyBook
  var enterprise: Enterprise
  var otherContracts: [StandingContract] = []
  var otherDemands: [EarlierDemand] = []
  var demand: Demand?
  /// `nil`: when such a command is given.
  var now: Instant?

  init(_ policy: PolicyBook, _ draft: EnterpriseDraft? = nil) throws {
    self.policy = policy
    enterprise = try Fixture.enterprise(policy, draft)
  }

  @discardableResult
  mutating func run(_ command: DemandCommand, by caller: Caller) throws(DomainError) -> Demand {
    let now = now ?? Fixture.time(of: command)
    var situation = DemandSituation(demand: demand, enterprise: enterprise, otherContracts: otherContracts)
    situation.earlier = otherDemands
    let events = try DemandDecider.decide(command, on: situation, policy: policy, caller: caller, now: now)
    let context = EventContext(caller: caller, reason: command.reason, policyDigest: policy.digest, at: now)
    for event in events { demand = Demand.applying(event, context, to: demand) }
    guard let demand else { throw DomainError(.internal, "no demand") }
    return demand
  }

  /// The demand led into a state by the shortest way; `nil` leaves it unsubmitted.
  static func at(_ state: DemandState?, _ policy: PolicyBook) throws -> Desk {
    var desk = try Desk(policy, state == .hard ? Fixture.draft(grade: .d) : nil)
    guard let state else { return desk }
    for (kind, caller) in path(to: state) { try desk.run(try Fixture.command(kind), by: caller) }
    if state == .declined {
      try desk.run(try Fixture.push(to: ["bank-a"]), by: Fixture.regulator)
      try desk.run(try Fixture.command(.decline), by: Fixture.bank("bank-a"))
    }
    return desk
  }

  private static func path(to state: DemandState) -> [(DemandCommandKind, Caller)] {
    let steps: [(DemandCommandKind, Caller)] = [
      (.submit, Fixture.firm), (.assess, Fixture.grid), (.push, Fixture.regulator), (.claim, Fixture.bank("bank-a")),
      (.offer, Fixture.bank("bank-a")), (.sign, Fixture.bank("bank-a")), (.disburse, Fixture.bank("bank-a")),
      (.close, Fixture.grid),
    ]
    switch state {
    case .submitted: return Array(steps.prefix(1))
    case .assessed, .hard, .declined: return Array(steps.prefix(2))
    case .pushed: return Array(steps.prefix(3))
    case .claimed: return Array(steps.prefix(4))
    case .offered: return Array(steps.prefix(5))
    case .signed: return Array(steps.prefix(6))
    case .disbursed: return Array(steps.prefix(7))
    case .closed: return steps
    case .withdrawn: return Array(steps.prefix(1)) + [(.withdraw, Fixture.firm)]
    case .expired: return Array(steps.prefix(1)) + [(.expire, Fixture.operators)]
    }
  }
}

/// The error that a body throws.
func refusal<R>(_ body: () throws -> R) -> DomainError? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? DomainError
  }
}

/// The error that an asynchronous body throws.
func lateRefusal<R>(_ body: () async throws -> R) async -> DomainError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? DomainError
  }
}
