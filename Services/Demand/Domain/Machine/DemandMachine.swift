package import Kernel

/// The state machine of a demand, as one table: the code executes it, `docs/demand.md` prints it and the tests
/// walk it. A new state or command is a new row here and a case in the enumerations.
package enum DemandMachine {
  /// One row: from any of these states the command leads to one of those, when one of these roles gives it.
  package struct Transition: Sendable, Hashable {
    /// `nil`: the demand does not exist yet.
    package let from: DemandState?
    package let command: DemandCommandKind
    package let to: Set<DemandState>
    package let who: Set<Role>
    /// The one mode of push in which the row holds; `nil`: whatever the mode.
    package var only: PushMode?
  }

  /// Those who work the ledger: the grid, the regulators and the house itself.
  private static let ledger: Set<Role> = [.gridWorker, .regulator, .operator, .service]
  /// An institution, or the house in its name.
  private static let institution: Set<Role> = [.institution, .operator, .service]
  private static let everyChannel: Set<Role> = [
    .enterprise, .gridWorker, .institution, .regulator, .adviser, .operator, .service,
  ]
  private static let firm: Set<Role> = [.enterprise, .gridWorker, .operator, .service]
  private static let house: Set<Role> = [.operator, .service]
  /// States of a demand that somebody has taken up.
  private static let taken: [DemandState] = [.claimed, .offered, .signed, .disbursed]

  package static let transitions: [Transition] = [
    rows(from: [nil], .submit, to: [.submitted], who: everyChannel),
    rows(from: [.submitted], .assess, to: [.assessed, .hard], who: ledger),
    rows(from: [.assessed, .hard, .declined], .reassess, to: [.assessed, .hard], who: ledger),
    rows(from: [.assessed, .pushed, .declined], .push, to: [.pushed], who: ledger),
    rows(from: [.pushed], .claim, to: [.claimed, .pushed], who: institution),
    rows(from: [.pushed], .offer, to: [.pushed], who: institution, only: .broadcast),
    rows(from: [.claimed, .offered], .offer, to: [.offered], who: institution),
    stay(in: [.signed, .disbursed], .offer, who: institution),
    rows(from: [.pushed], .sign, to: [.signed], who: institution, only: .broadcast),
    rows(from: [.offered], .sign, to: [.signed], who: institution),
    stay(in: [.signed, .disbursed], .sign, who: institution),
    rows(from: [.signed, .disbursed], .disburse, to: [.disbursed], who: institution),
    rows(from: [.disbursed], .close, to: [.closed], who: ledger),
    rows(from: [.pushed], .decline, to: [.pushed, .declined], who: institution),
    rows(from: [.claimed], .decline, to: [.claimed, .pushed, .declined], who: institution),
    rows(from: [.offered], .decline, to: [.offered, .pushed, .declined], who: institution),
    rows(from: [.signed], .decline, to: [.signed, .pushed, .declined], who: institution),
    stay(in: [.disbursed], .decline, who: institution),
    rows(
      from: [.submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .declined], .withdraw,
      to: [.withdrawn], who: firm),
    rows(
      from: [.submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .declined], .expire,
      to: [.expired], who: house),
    stay(in: [.submitted, .assessed, .hard, .pushed, .declined], .escalate, who: ledger),
    stay(in: [.hard], .plan, who: ledger),
    stay(in: taken, .invite, who: institution),
    stay(in: taken, .join, who: institution),
    stay(in: [.pushed] + taken, .acknowledge, who: institution.union([.regulator])),
    stay(in: [.claimed, .offered], .contact, who: institution),
    stay(in: [.pushed, .claimed, .offered], .pause, who: ledger.union(institution)),
    stay(in: [.pushed, .declined] + taken, .resume, who: ledger.union(institution)),
    stay(in: [.pushed, .claimed, .offered], .miss, who: house),
    stay(
      in: [.submitted, .assessed, .hard, .pushed, .declined, .closed] + taken, .note,
      who: ledger.union(institution).union([.adviser])),
    stay(
      in: [.submitted, .assessed, .hard, .pushed, .claimed, .offered, .declined], .attach,
      who: ledger.union(institution).union([.enterprise])),
    rows(from: [.closed], .reopen, to: [.disbursed], who: [.regulator, .operator]),
  ].flatMap(\.self)

  /// Commands that change what is known of a demand and not where it stands.
  private static func stay(
    in states: [DemandState], _ command: DemandCommandKind, who: Set<Role>
  ) -> [Transition] {
    states.flatMap { rows(from: [$0], command, to: [$0], who: who) }
  }

  private static func rows(
    from states: [DemandState?], _ command: DemandCommandKind, to: Set<DemandState>, who: Set<Role>,
    only mode: PushMode? = nil
  ) -> [Transition] {
    states.map { Transition(from: $0, command: command, to: to, who: who, only: mode) }
  }

  private struct Key: Hashable {
    let from: DemandState?
    let command: DemandCommandKind
  }

  private static let index = Dictionary(
    uniqueKeysWithValues: transitions.map { (Key(from: $0.from, command: $0.command), $0) })

  package static func transition(from state: DemandState?, _ command: DemandCommandKind) -> Transition? {
    index[Key(from: state, command: command)]
  }

  /// Every role that some row lets give the command: the access table's row.
  package static func roles(for command: DemandCommandKind) -> Set<Role> {
    transitions.filter { $0.command == command }.reduce(into: []) { $0.formUnion($1.who) }
  }

  /// Commands that lead on from a state, for error messages and consoles.
  package static func commands(from state: DemandState) -> [DemandCommandKind] {
    transitions.filter { $0.from == state }.map(\.command)
  }

  /// The row that allows the command now.
  /// - Throws: `ALREADY_CLAIMED` naming the winner, when a claim comes after another's; `STATE_CONFLICT` naming the state
  ///   and what it allows; `ROLE_NOT_ALLOWED`.
  package static func admit(
    _ command: DemandCommandKind, _ demand: Demand?, by role: Role
  ) throws(DomainError) -> Transition {
    guard let row = transition(from: demand?.state, command) else { throw refusal(command, demand) }
    guard row.who.contains(role) else {
      throw DomainError(
        .roleNotAllowed, "role \(role.rawValue) may not \(command.rawValue) a demand",
        metadata: ["role": role.rawValue, "command": command.rawValue])
    }
    if let mode = row.only, demand?.pushMode != mode { throw refusal(command, demand) }
    return row
  }

  private static func refusal(_ command: DemandCommandKind, _ demand: Demand?) -> DomainError {
    guard let demand else {
      return DomainError(.stateConflict, "the demand does not exist; it cannot be given \(command.rawValue)")
    }
    if command == .claim, let claim = demand.claim { return .alreadyClaimed(demand, by: claim) }
    let allowed = transitions.filter { $0.from == demand.state && ($0.only == nil || $0.only == demand.pushMode) }
      .map(\.command.rawValue).joined(separator: ", ")
    return DomainError(
      .stateConflict,
      "demands/\(demand.id) is \(demand.state.rawValue); it cannot be given \(command.rawValue), "
        + (allowed.isEmpty ? "nor anything else" : "only \(allowed)"),
      metadata: ["state": demand.state.rawValue, "command": command.rawValue, "allowed": allowed])
  }
}

extension DomainError {
  static func alreadyClaimed(_ demand: Demand, by claim: Claim) -> DomainError {
    DomainError(
      .alreadyClaimed, "demands/\(demand.id) was claimed by \(claim.institution)",
      metadata: [
        "demand": "demands/\(demand.id)", "institution": claim.institution,
        "claim_time_micros": String(claim.at.microseconds),
      ])
  }
}
