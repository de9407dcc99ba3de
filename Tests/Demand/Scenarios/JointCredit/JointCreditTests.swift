import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct JointCreditTests {
  private let a = Fixture.bank("bank-a")
  private let b = Fixture.bank("bank-b")
  private let c = Fixture.bank("bank-c")

  @Test func `three banks share a demand under one lead`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed(to: ["bank-a", "bank-b"]).name
      _ = try await story.wire.claim(name, by: a)
      try await join(name, story)
      _ = try await story.offer(name, 100_000_000, by: a)
      _ = try await story.offer(name, 70_000_000, by: b)
      let mine = try await story.offer(name, 50_000_000, by: c)
      #expect(mine.jointMembers.map(\.institution) == ["bank-c"] && mine.contact.person == "李工")
      let early = await story.wire.refusal { try await story.sign(name, 70_000_000, on: Fixture.today, by: self.b) }
      #expect(early?.reason == .stateConflict)
      _ = try await story.sign(name, 100_000_000, on: Fixture.today, by: a)
      _ = try await story.sign(name, 70_000_000, on: Fixture.today, by: b)
      let over = await story.wire.refusal { try await story.sign(name, 50_000_001, on: Fixture.today, by: self.c) }
      #expect(over?.reason == .limitExceeded)
      _ = try await story.sign(name, 50_000_000, on: Fixture.today, by: c)
      _ = try await story.pay(name, 100_000_000, on: Fixture.today, by: a)
      _ = try await story.pay(name, 70_000_000, on: Fixture.today, by: b)
      let whole = try await story.wire.run(
        "GetDemand", .with { $0.name = name }, by: Fixture.regulator, story.wire.service.getDemand(request:context:))
      #expect(whole.signedSatisfaction.ppm == 1_100_000 && whole.disbursedSatisfaction.ppm == 850_000)
      #expect(whole.claimedInstitution == "bank-a" && whole.jointMembers.count == 2)
      let bound = await story.wire.refusal { try await story.decline(name, "不做了", by: self.a) }
      #expect(bound?.reason == .stateConflict)
      try await figures(story)
    }
  }

  private func join(_ name: String, _ story: Story) async throws {
    for (member, share) in [("bank-b", Int64(70_000_000)), ("bank-c", 50_000_000)] {
      _ = try await story.wire.run(
        "InviteInstitution",
        .with {
          $0.requestID = story.key()
          $0.name = name
          $0.member = member
          $0.share = Wire.cny(share)
        }, by: a, story.wire.service.inviteInstitution(request:context:))
    }
    func join(_ bank: Caller) async throws -> Huirong_Demand_V1_Demand {
      try await story.wire.run(
        "JoinDemand",
        .with {
          $0.requestID = story.key()
          $0.name = name
        }, by: bank, story.wire.service.joinDemand(request:context:))
    }
    #expect(await story.wire.refusal { try await join(Fixture.bank("bank-d")) }?.reason == .outOfScope)
    #expect(try await join(b).contact.person == "李工")
    #expect(try await join(c).jointMembers.first?.state == .joined)
    #expect(await story.wire.refusal { try await join(self.b) }?.reason == .stateConflict)
  }

  private func figures(_ story: Story) async throws {
    let total = try await story.wire.run(
      "SummarizeDemands", .with { $0.regionPrefix = "3703" }, by: Fixture.regulator,
      story.wire.service.summarizeDemands(request:context:)
    ).total.amounts
    #expect(total.map(\.signed.minorUnits) == [220_000_000] && total.map(\.disbursed.minorUnits) == [170_000_000])
  }
}
