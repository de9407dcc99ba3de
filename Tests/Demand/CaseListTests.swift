import DemandAPI
import DemandDomain
import Kernel
import Protos
import Storage
import SwiftProtobuf
import Testing

/// White lists and the four lists of listing cultivation.
@Suite struct CaseListTests {
  private let bureau = Fixture.regulator

  private func enter(
    _ story: Story, _ kind: Huirong_Demand_V1_CaseKind, _ fields: [String: String]
  ) async throws -> Huirong_Demand_V1_Case {
    try await story.open(kind, fields, by: bureau) { $0.enterprise = "enterprises/\(Fixture.uscc)" }
  }

  @Test func `an entry of a stage or a track names it, and its change is pushed to the institutions of the place`()
    async throws
  {
    try await Story.tell { story in
      _ = try await story.wire.register()
      for list in ["sci_tech_stage", "sci_tech_track"] {
        let bare = await story.wire.refusal { try await self.enter(story, .whiteListEntry, ["list": list]) }
        #expect(bare?.field == "matter.fields.value")
      }
      let entry = try await enter(story, .whiteListEntry, ["list": "sci_tech_stage", "value": "初创期"])
      let before = story.wire.test.store.eventHead
      _ = try await story.act(entry.name, "change", ["value": "成长期"], reason: "完成A轮", by: bureau)
      let pushed = try await story.wire.watch(after: before, by: Fixture.bank("bank-z"))
      #expect(pushed.map(\.event.caseChanged.name) == [entry.name])
      let seen = pushed.first?.event.caseChanged
      #expect(seen?.fields.last?.value == "成长期" && seen?.steps.last?.reason == "完成A轮")
    }
  }

  @Test func `institutions of elsewhere hear nothing of a list`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      _ = try await enter(story, .whiteListEntry, ["list": "core_firm"])
      #expect(try await story.cases("", by: Fixture.bank("bank-z", region: "3706")).isEmpty)
    }
  }

  @Test(arguments: ["cultivation", "seed", "request", "training"])
  func `a firm stands once on each of the four lists and moves to where it is not`(_ list: String) async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let entry = try await enter(story, .listingEntry, ["list": list])
      let twice = await story.wire.refusal { try await self.enter(story, .listingEntry, ["list": list]) }
      #expect(twice?.reason == .resourceExists)
      let other = list == "seed" ? "cultivation" : "seed"
      let second = try await enter(story, .listingEntry, ["list": other])
      let onto = await story.wire.refusal {
        try await story.act(second.name, "move", ["list": list], reason: "x", by: self.bureau)
      }
      #expect(onto?.reason == .resourceExists && onto?.field == "fields.list")
      _ = try await story.act(entry.name, "remove", reason: "x", by: bureau)
      let moved = try await story.act(second.name, "move", ["list": list], reason: "x", by: bureau)
      #expect(moved.fields.first?.value == list)
      let settled = try await story.act(second.name, "settle", evidence: true, reason: "诉求已办结", by: bureau)
      #expect(settled.state == "settled")
    }
  }
}
