import DemandDomain
import Foundation
import Kernel
import Policy
import Testing

/// The table once more, written by hand: a change of the machine must be a change of mind here too.
/// Columns are states, `.` refuses, other letters are where the command leads.
private enum Expected {
  static let states: [DemandState] = [
    .submitted, .assessed, .hard, .pushed, .claimed, .offered, .signed, .disbursed, .closed, .declined, .withdrawn,
    .expired,
  ]

  static let grid: [DemandCommandKind: [String]] = [
    //         sub  ass  hard push clai offe sign disb clos decl with expi
    .assess: ["AH", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."],
    .reassess: [".", "AH", "AH", ".", ".", ".", ".", ".", ".", "AH", ".", "."],
    .push: [".", "P", ".", "P", ".", ".", ".", ".", ".", "P", ".", "."],
    .claim: [".", ".", ".", "CP", ".", ".", ".", ".", ".", ".", ".", "."],
    .offer: [".", ".", ".", "P", "O", "O", "S", "D", ".", ".", ".", "."],
    .sign: [".", ".", ".", "S", ".", "S", "S", "D", ".", ".", ".", "."],
    .disburse: [".", ".", ".", ".", ".", ".", "D", "D", ".", ".", ".", "."],
    .close: [".", ".", ".", ".", ".", ".", ".", "X", ".", ".", ".", "."],
    .decline: [".", ".", ".", "PN", "PNC", "PNO", "PNS", "D", ".", ".", ".", "."],
    .withdraw: ["W", "W", "W", "W", "W", "W", "W", ".", ".", "W", ".", "."],
    .expire: ["E", "E", "E", "E", "E", "E", "E", ".", ".", "E", ".", "."],
    .submit: [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."],
    .escalate: ["U", "A", "H", "P", ".", ".", ".", ".", ".", "N", ".", "."],
    .plan: [".", ".", "H", ".", ".", ".", ".", ".", ".", ".", ".", "."],
    .invite: [".", ".", ".", ".", "C", "O", "S", "D", ".", ".", ".", "."],
    .join: [".", ".", ".", ".", "C", "O", "S", "D", ".", ".", ".", "."],
    .acknowledge: [".", ".", ".", "P", "C", "O", "S", "D", ".", ".", ".", "."],
    .contact: [".", ".", ".", ".", "C", "O", ".", ".", ".", ".", ".", "."],
    .pause: [".", ".", ".", "P", "C", "O", ".", ".", ".", ".", ".", "."],
    .resume: [".", ".", ".", "P", "C", "O", "S", "D", ".", "N", ".", "."],
    .miss: [".", ".", ".", "P", "C", "O", ".", ".", ".", ".", ".", "."],
    .note: ["U", "A", "H", "P", "C", "O", "S", "D", "X", "N", ".", "."],
    .attach: ["U", "A", "H", "P", "C", "O", ".", ".", ".", "N", ".", "."],
    .reopen: [".", ".", ".", ".", ".", ".", ".", ".", "D", ".", ".", "."],
  ]

  static let letters: [Character: DemandState] = [
    "A": .assessed, "H": .hard, "P": .pushed, "C": .claimed, "O": .offered, "S": .signed, "D": .disbursed, "X": .closed,
    "N": .declined, "W": .withdrawn, "E": .expired, "U": .submitted,
  ]

  static let who: [DemandCommandKind: Set<Role>] = [
    .submit: [.enterprise, .gridWorker, .institution, .regulator, .adviser, .operator, .service],
    .assess: [.gridWorker, .regulator, .operator, .service], .reassess: [.gridWorker, .regulator, .operator, .service],
    .push: [.gridWorker, .regulator, .operator, .service], .claim: [.institution, .operator, .service],
    .offer: [.institution, .operator, .service], .sign: [.institution, .operator, .service],
    .disburse: [.institution, .operator, .service], .close: [.gridWorker, .regulator, .operator, .service],
    .decline: [.institution, .operator, .service], .withdraw: [.enterprise, .gridWorker, .operator, .service],
    .expire: [.operator, .service],
    .escalate: [.gridWorker, .regulator, .operator, .service], .plan: [.gridWorker, .regulator, .operator, .service],
    .invite: [.institution, .operator, .service], .join: [.institution, .operator, .service],
    .acknowledge: [.institution, .regulator, .operator, .service], .contact: [.institution, .operator, .service],
    .pause: [.gridWorker, .institution, .regulator, .operator, .service],
    .resume: [.gridWorker, .institution, .regulator, .operator, .service], .miss: [.operator, .service],
    .note: [.gridWorker, .institution, .regulator, .adviser, .operator, .service],
    .attach: [.enterprise, .gridWorker, .institution, .regulator, .operator, .service],
    .reopen: [.regulator, .operator],
  ]

  /// Allowed by the table and still refused by the command's own rule, as the desk stands: nobody was invited, nothing stands
  /// still, a lead that has signed does not offer again, the push is no broadcast.
  static func needsMore(_ command: DemandCommandKind, _ state: DemandState) -> Bool {
    switch command {
    case .join, .resume: true
    case .offer, .sign: state == .disbursed || state == .signed || state == .pushed
    case .decline: state == .disbursed
    case .note, .attach: true
    case .acknowledge, .pause, .miss: state == .pushed || state == .offered
    default: false
    }
  }

  static func targets(_ state: DemandState, _ command: DemandCommandKind) -> Set<DemandState> {
    guard let column = states.firstIndex(of: state), let row = grid[command] else { return [] }
    return Set(row[column].compactMap { letters[$0] })
  }
}

@Suite struct StateMachineTests {
  @Test(arguments: DemandCommandKind.allCases)
  func `every command in every state is allowed or refused as the table says, for every role`(
    _ command: DemandCommandKind
  ) throws {
    let policy = try Fixture.policy()
    for state in DemandState.allCases {
      let desk = try Desk.at(state, policy)
      #expect(desk.demand?.state == state)
      let expected = Expected.targets(state, command)
      for role in Role.allCases {
        var trial = desk
        let given = try command == .push && state == .pushed ? Fixture.push(to: ["bank-z"]) : Fixture.command(command)
        let error = refusal { try trial.run(given, by: Fixture.caller(role)) }
        if expected.isEmpty {
          let late = command == .claim && desk.demand?.claim != nil
          #expect(
            error?.reason == (late ? .alreadyClaimed : .stateConflict),
            "\(command) in \(state) by \(role): \(error as Any)")
        } else if Expected.who[command]?.contains(role) != true {
          #expect(error?.reason == .roleNotAllowed, "\(command) in \(state) by \(role): \(error as Any)")
        } else if Expected.needsMore(command, state) {
          #expect(error?.reason != .roleNotAllowed, "\(command) in \(state) by \(role): \(error as Any)")
          if error == nil { #expect(trial.demand.map { expected.contains($0.state) } == true) }
        } else if command == .push, state == .declined {
          // Everyone it was pushed to has declined: this push must name somebody new, or open it to all.
          #expect(error == nil && trial.demand?.state == .pushed)
        } else {
          #expect(error == nil, "\(command) in \(state) by \(role): \(error as Any)")
          #expect(trial.demand.map { expected.contains($0.state) } == true)
        }
        if error != nil { #expect(trial.demand == desk.demand) }
      }
    }
  }

  @Test(arguments: Role.allCases)
  func `a submission is admitted from nothing and only by its roles`(_ role: Role) throws {
    var desk = try Desk.at(nil, try Fixture.policy())
    let error = refusal { try desk.run(try Fixture.command(.submit), by: Fixture.caller(role)) }
    #expect((error == nil) == (Expected.who[.submit]?.contains(role) == true))
    #expect(desk.demand?.state == (error == nil ? .submitted : nil))
  }

  @Test func `the executed table is the written one`() {
    for command in DemandCommandKind.allCases {
      #expect(DemandMachine.roles(for: command) == Expected.who[command])
      for state in DemandState.allCases {
        #expect(DemandMachine.transition(from: state, command)?.to ?? [] == Expected.targets(state, command))
      }
    }
    #expect(DemandMachine.transition(from: nil, .submit)?.to == [.submitted])
    for state in DemandState.allCases where state.isFinal {
      #expect(DemandMachine.commands(from: state) == (state == .closed ? [.note, .reopen] : []))
    }
  }

  @Test func `the documentation prints the tables the code executes`() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/demand.md").standardizedFileURL
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains(DemandMachine.markdown), "\(DemandMachine.markdown)")
    #expect(text.contains(CaseTable.markdown), "\(CaseTable.markdown)")
    #expect(
      Set(CaseTable.rules.map(\.kind)) == Set(CaseKind.allCases) && CaseTable.rules.count == CaseKind.allCases.count)
  }

  @Test func `a refused command says what the state allows`() throws {
    var desk = try Desk.at(.assessed, try Fixture.policy())
    let error = refusal { try desk.run(try Fixture.command(.close), by: Fixture.grid) }
    #expect(error?.metadata["state"] == "assessed")
    #expect(error?.metadata["allowed"] == "reassess, push, withdraw, expire, escalate, note, attach")
  }
}
