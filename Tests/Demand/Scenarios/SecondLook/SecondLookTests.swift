import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct SecondLookTests {
  @Test func `a demand that all have declined is referred to others and funded`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed(to: ["bank-a", "bank-b"]).name
      let silent = await story.wire.refusal { try await story.decline(name, "", by: Fixture.bank("bank-a")) }
      #expect(silent?.reason == .requiredFieldMissing && silent?.field == "reason")
      #expect(try await story.decline(name, "行业限额已满", by: Fixture.bank("bank-a")).state == .pushed)
      #expect(try await story.decline(name, "缺少抵押物", by: Fixture.bank("bank-b")).state == .declined)

      let mute = await story.wire.refusal { try await story.push(name, to: ["bank-c"]) }
      #expect(mute?.reason == .requiredFieldMissing && mute?.field == "reason")
      let again = await story.wire.refusal { try await story.push(name, to: ["bank-a"], reason: "再看") }
      #expect(again?.reason == .invalidArgument)
      let referred = try await story.push(name, to: ["bank-c"], reason: "订单充足，可用应收账款质押")
      #expect(referred.state == .pushed && referred.secondLooks == 1 && referred.declines.count == 2)
      let bank = Fixture.bank("bank-c")
      _ = try await story.wire.claim(name, by: bank)
      _ = try await story.offer(name, 200_000_000, by: bank)
      #expect(try await story.sign(name, 200_000_000, on: Fixture.today, by: bank).state == .signed)
      let pushes = try await story.wire.watch(by: Fixture.service).filter { $0.header.type == "demand.pushed" }
      #expect(pushes.map(\.event.pushed.secondLook) == [false, true])
    }
  }
}
