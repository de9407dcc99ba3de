import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

/// Pushed on Thursday, 2025-01-02. Accept 1, contact 3, decide 5 working days.
@Suite struct ClockTests {
  private let bank = Fixture.bank("bank-a")

  private func day(_ iso: String) -> Huirong_Common_V1_Date { Story.date(Fixture.date(iso)) }

  @Test func `deadlines count working days across the Spring Festival and its worked weekends`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      story.wire.time.move(to: "2025-01-24")
      _ = try await story.wire.claim(name, by: bank)
      let clocks = try await story.clocks(name, on: "2025-01-24")
      #expect(clocks.map(\.kind) == [.accept, .contact, .decide])
      #expect(clocks.map(\.dueOn) == [day("2025-01-03"), day("2025-02-05"), day("2025-02-07")])
      #expect(clocks.map(\.standing) == [.metLate, .running, .running])
      #expect(clocks.allSatisfy { $0.workingDays && !$0.citation.ruleID.isEmpty })
    }
  }

  @Test func `a clock is met on its last day and overdue on the next`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      #expect(try await story.clocks(name, on: "2025-01-03").map(\.standing) == [.running])
      #expect(try await story.clocks(name, on: "2025-01-04").map(\.standing) == [.overdue])
      // A day that is past is answered by the demand as it was.
      story.wire.time.move(to: "2025-01-03")
      _ = try await story.wire.claim(name, by: bank)
      story.wire.time.move(to: "2025-01-10")
      #expect(try await story.clocks(name, on: "2025-01-02").map(\.standing) == [.running])
      #expect(try await story.clocks(name, on: "2025-01-03").map(\.standing) == [.met, .running, .running])
      #expect(try await story.clocks(name, on: "2025-01-01").isEmpty)
    }
  }

  @Test func `a pause moves a deadline by the working days it took`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      story.wire.time.move(to: "2025-01-03")
      _ = try await story.wire.claim(name, by: bank)
      story.wire.time.move(to: "2025-01-06")
      _ = try await pause(name, story)
      #expect(try await story.clocks(name, on: "2025-01-07").last?.standing == .paused)
      // Accept was met; contact and decide were due on the 8th and the 10th when the clocks stopped on the 6th.
      let later = try await story.clocks(name, on: "2025-01-15")
      #expect(later.map(\.standing) == [.met, .paused, .paused])
      #expect(later.map(\.dueOn) == [day("2025-01-03"), day("2025-01-17"), day("2025-01-21")])
      let twice = await story.wire.refusal { try await self.pause(name, story) }
      #expect(twice?.reason == .stateConflict)
      #expect(try await story.advance(to: "2025-03-01").names.isEmpty)
      story.wire.time.move(to: "2025-01-08")
      _ = try await story.wire.run(
        "ResumeDemand",
        .with {
          $0.requestID = story.key()
          $0.name = name
        }, by: bank, story.wire.service.resumeDemand(request:context:))
      #expect(try await story.clocks(name, on: "2025-01-08").last?.dueOn == day("2025-01-14"))
    }
  }

  private func pause(_ name: String, _ story: Story) async throws -> Huirong_Demand_V1_Demand {
    try await story.wire.run(
      "PauseDemand",
      .with {
        $0.requestID = story.key()
        $0.name = name
        $0.reason = "企业补材料"
      }, by: bank, story.wire.service.pauseDemand(request:context:))
  }

  @Test func `the job records each miss once, sends the demand up, and changes nothing when run again`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      #expect(try await story.advance(to: "2025-01-03").names.isEmpty)
      #expect(try await story.advance(to: "2025-01-04").names == [name])
      #expect(try await story.advance(to: "2025-01-04").names.isEmpty)
      #expect(try await story.advance(to: "2025-01-08").names.isEmpty)
      _ = try await story.wire.claim(name, by: bank)
      // Three working days from the 8th: the 13th.
      #expect(try await story.advance(to: "2025-01-13").names.isEmpty)
      #expect(try await story.advance(to: "2025-01-14").names == [name])
      #expect(try await story.advance(to: "2025-01-14").names.isEmpty)
      let demand = try await story.wire.run(
        "GetDemand", .with { $0.name = name }, by: Fixture.regulator, story.wire.service.getDemand(request:context:))
      #expect(demand.missedClocks.map(\.kind) == [.accept, .contact])
      #expect(demand.missedClocks.map(\.institution) == ["", "bank-a"])
      #expect(demand.level == .city && demand.escalations.map(\.toLevel) == [.county, .city])
    }
  }

  @Test func `a year whose holidays are not entered has no deadline and says so`() throws {
    var desk = try Desk.at(.pushed, try Fixture.policy())
    desk.demand?.handling.pushedAt = Instant(microseconds: 1_830_000_000_000_000)  // 2027
    let demand = try #require(desk.demand)
    #expect(refusal { try DemandClocks.of(demand, policy: desk.policy) }?.reason == .policyNotStated)
  }

  @Test func `a demand that the claimant gives back waits anew from that day`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      story.wire.time.move(to: "2025-01-03")
      _ = try await story.wire.claim(name, by: bank)
      story.wire.time.move(to: "2025-01-09")
      _ = try await story.decline(name, "行业限额已满", by: bank)
      let waiting = try await story.clocks(name, on: "2025-01-10")
      #expect(waiting.map(\.startedOn) == [day("2025-01-09")] && waiting.map(\.dueOn) == [day("2025-01-10")])
      #expect(waiting.map(\.standing) == [.running])
      // It was accepted in time, so that nothing was missed before the second bank's turn.
      #expect(try await story.advance(to: "2025-01-10").names.isEmpty)
      #expect(try await story.advance(to: "2025-01-11").names == [name])
      _ = try await story.wire.claim(name, "again", by: Fixture.bank("bank-b"))
      #expect(try await story.clocks(name, on: "2025-01-11").first?.standing == .metLate)
    }
  }

  @Test func `a clock that ran out before the pause stays overdue in it`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed().name
      story.wire.time.move(to: "2025-01-08")
      _ = try await story.wire.run(
        "PauseDemand",
        .with {
          $0.requestID = story.key()
          $0.name = name
          $0.reason = "企业补材料"
        }, by: Fixture.regulator, story.wire.service.pauseDemand(request:context:))
      #expect(try await story.clocks(name, on: "2025-01-20").map(\.standing) == [.overdue])
    }
  }

  @Test func `everybody who takes up a broadcast has a deadline of its own and sees no other's`() async throws {
    var desk = try Desk.at(.assessed, try Fixture.policy())
    try desk.run(try Fixture.push(.broadcast), by: Fixture.regulator)
    try desk.run(try Fixture.command(.claim, bank: "bank-a"), by: Fixture.bank("bank-a"))
    try desk.run(try Fixture.command(.claim, bank: "bank-b"), by: Fixture.bank("bank-b"))
    try desk.run(try Fixture.command(.offer, bank: "bank-b"), by: Fixture.bank("bank-b"))
    let demand = try #require(desk.demand)
    let clocks = try DemandClocks.of(demand, policy: desk.policy)
    #expect(clocks.map(\.kind) == [.accept, .decide, .decide])
    #expect(clocks.map(\.institution) == [nil, "bank-a", "bank-b"])
    #expect(clocks.map { $0.metOn == nil } == [false, true, false])
    let overdue = try DemandClocks.overdue(demand, on: Fixture.date("2025-01-10"), policy: desk.policy)
    #expect(overdue.map(\.institution) == ["bank-a"])
  }

  @Test(arguments: Instrument.allCases)
  func `a bridge loan is decided in calendar days and a pause moves it by calendar days`(
    _ instrument: Instrument
  ) throws {
    let policy = try Fixture.policy()
    var desk = try Desk(policy)
    try desk.run(.submit(try Fixture.submission(instrument: instrument)), by: Fixture.firm)
    desk.demand?.state = .claimed
    desk.demand?.handling.pushedAt = Fixture.noon
    desk.demand?.claim = Claim(institution: "bank-a", at: Fixture.noon)
    var demand = try #require(desk.demand)
    let isBridge = instrument == .bridgeLoan
    // Thursday, 2025-01-02: three calendar days end on Sunday, five working days on the next Thursday.
    let decide = try #require(try DemandClocks.of(demand, policy: policy).last)
    #expect(decide.dueOn == Fixture.date(isBridge ? "2025-01-05" : "2025-01-09"), "\(instrument)")
    demand.handling.pauses = [Pause(from: Fixture.date("2025-01-03"), to: Fixture.date("2025-01-06"), reason: "x")]
    let moved = try #require(try DemandClocks.of(demand, policy: policy).last)
    #expect(moved.dueOn == Fixture.date(isBridge ? "2025-01-08" : "2025-01-10"), "\(instrument)")
  }
}
