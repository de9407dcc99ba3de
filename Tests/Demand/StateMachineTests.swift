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
    .reassess: [".", ".", "AH", ".", ".", ".", ".", ".", ".", ".", ".", "."],
    .push: [".", "P", ".", "P", ".", ".", ".", ".", ".", "P", ".", "."],
    .claim: [".", ".", ".", "C", ".", ".", ".", ".", ".", ".", ".", "."],
    .offer: [".", ".", ".", ".", "O", "O", ".", ".", ".", ".", ".", "."],
    .sign: [".", ".", ".", ".", ".", "S", ".", ".", ".", ".", ".", "."],
    .disburse: [".", ".", ".", ".", ".", ".", "D", "D", ".", ".", ".", "."],
    .close: [".", ".", ".", ".", ".", ".", ".", "X", ".", ".", ".", "."],
    .decline: [".", ".", ".", "PN", "PN", "PN", "PN", ".", ".", ".", ".", "."],
    .withdraw: ["W", "W", "W", "W", "W", "W", "W", ".", ".", "W", ".", "."],
    .expire: ["E", "E", "E", "E", "E", "E", "E", ".", ".", "E", ".", "."],
    .submit: [".", ".", ".", ".", ".", ".", ".", ".", ".", ".", ".", "."],
  ]

  static let letters: [Character: DemandState] = [
    "A": .assessed, "H": .hard, "P": .pushed, "C": .claimed, "O": .offered, "S": .signed, "D": .disbursed, "X": .closed,
    "N": .declined, "W": .withdrawn, "E": .expired,
  ]

  static let who: [DemandCommandKind: Set<Role>] = [
    .submit: [.enterprise, .gridWorker, .institution, .regulator, .adviser, .operator, .service],
    .assess: [.gridWorker, .regulator, .operator, .service], .reassess: [.gridWorker, .regulator, .operator, .service],
    .push: [.gridWorker, .regulator, .operator, .service], .claim: [.institution, .operator, .service],
    .offer: [.institution, .operator, .service], .sign: [.institution, .operator, .service],
    .disburse: [.institution, .operator, .service], .close: [.gridWorker, .regulator, .operator, .service],
    .decline: [.institution, .operator, .service], .withdraw: [.enterprise, .gridWorker, .operator, .service],
    .expire: [.operator, .service],
  ]

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
    #expect(DemandState.allCases.filter(\.isFinal).allSatisfy { DemandMachine.commands(from: $0).isEmpty })
  }

  @Test func `the service's README prints the table the code executes`() throws {
    let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Services/Demand/README.md").standardizedFileURL
    #expect(try String(contentsOf: readme, encoding: .utf8).contains(DemandMachine.markdown))
  }

  @Test func `a refused command says what the state allows`() throws {
    var desk = try Desk.at(.assessed, try Fixture.policy())
    let error = refusal { try desk.run(try Fixture.command(.close), by: Fixture.grid) }
    #expect(error?.metadata["state"] == "assessed")
    #expect(error?.metadata["allowed"] == "push, withdraw, expire")
  }
}
