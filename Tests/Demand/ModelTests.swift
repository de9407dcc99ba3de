import DemandDomain
import Foundation
import Kernel
import Policy
import Testing

@Suite struct ModelTests {
  #if DEBUG
    private static let ordinarySteps = 12_000
  #else
    private static let ordinarySteps = 100_000
  #endif
  /// `HUIRONG_MODEL_STEPS` walks further.
  private static let steps =
    ProcessInfo.processInfo.environment["HUIRONG_MODEL_STEPS"].flatMap(Int.init) ?? ordinarySteps

  /// Four seeds share the steps; a failure names the seed and the step, and the same seed replays it.
  @Test(arguments: [UInt64(1), 20_230_621, 0xDEAD_BEEF, 42])
  func `random commands of many actors end as a sheet of paper says`(_ seed: UInt64) throws {
    let policy = try Fixture.policy()
    var walk = RandomWalk(generator: SeededGenerator(seed: seed), id: Fixture.id(1))
    var step = 0
    var reached: Set<DemandState> = []
    while step < Self.steps / 4 {
      let hard = walk.chance(15)
      var desk = try Desk(policy, hard ? Fixture.draft(grade: .e) : nil)
      try desk.run(try Fixture.command(.submit), by: Fixture.firm)
      var paper = PaperDemand(hardFirm: hard, wanted: 200_000_000)
      var refusalsInARow = 0
      while refusalsInARow < 30, step < Self.steps / 4 {
        step += 1
        let next = walk.step(for: paper)
        let caller = walk.caller(for: next)
        let expected = paper.take(
          next, by: caller, sameFirm: caller.organisation == Fixture.uscc,
          inRegion: Fixture.region.hasPrefix(caller.regionPrefix))
        let command = try walk.command(next)
        let actual = refusal { try desk.run(command, by: caller) }
        try #require(
          actual?.reason == expected,
          "seed \(seed) step \(step): \(next) by \(caller.role) \(caller.organisation): \(actual as Any), not \(expected as Any)"
        )
        try #require(Self.agree(try #require(desk.demand), paper), "seed \(seed) step \(step): \(next)")
        refusalsInARow = actual == nil ? 0 : refusalsInARow + 1
      }
      reached.formUnion(paper.seen)
    }
    // The short walk of a debug build may miss a rare state.
    let missing = Set(DemandState.allCases).subtracting(reached)
    #expect(missing.isEmpty || (Self.steps < 100_000 && missing == [.declined]), "the walk never saw \(missing)")
  }

  static func agree(_ demand: Demand, _ paper: PaperDemand) -> Bool {
    demand.state == paper.state && demand.claim?.institution == paper.holder
      && (demand.offer?.amount.minorUnits ?? 0) == paper.offered
      && (demand.contract?.amount.minorUnits ?? 0) == paper.signed && demand.disbursed.minorUnits == paper.paid
      && demand.reached == paper.seen && demand.handling.isPaused == paper.paused
      && (demand.handling.contactedAt != nil) == paper.contacted && (demand.handling.plan != nil) == paper.planned
      && demand.handling.notes.count == paper.notes
      && HandlingLevel.allCases.firstIndex(of: demand.handling.level) == paper.level
      && members(of: demand) == paper.members
      && Dictionary(
        uniqueKeysWithValues: demand.handling.takers.map { ($0.institution, $0.offer?.amount.minorUnits ?? 0) })
        == paper.takers
      && Dictionary(uniqueKeysWithValues: demand.institutionTargets.map { ($0.organisation, $0.state == .declined) })
        == paper.banks
  }

  private static func members(of demand: Demand) -> [String: PaperDemand.PaperMember] {
    Dictionary(
      uniqueKeysWithValues: demand.handling.members.map { member in
        (
          member.institution,
          PaperDemand.PaperMember(
            joined: member.state == .joined, left: member.state == .left,
            offered: member.offer?.amount.minorUnits ?? 0, signed: member.contract?.amount.minorUnits ?? 0,
            revolving: member.contract?.revolving ?? false, paid: member.disbursedMinorUnits)
        )
      })
  }
}
