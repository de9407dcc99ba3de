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
      #expect(try await story.advance(to: "2025-02-04").names.isEmpty)
      _ = try await story.wire.claim(name, by: bank)
      #expect(try await story.advance(to: "2025-01-09").names == [name])
      #expect(try await story.advance(to: "2025-01-09").names.isEmpty)
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
}
