import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct SearchTests {
  private func search(_ words: String, by caller: Caller, _ story: Story, filter: String = "", size: Int32 = 0)
    async throws
    -> [String]
  {
    var (found, token) = ([String](), "")
    repeat {
      let page = try await story.wire.run(
        "SearchDemands",
        .with {
          $0.query = words
          $0.filter = filter
          $0.pageSize = size
          $0.pageToken = token
        }, by: caller, story.wire.service.searchDemands(request:context:))
      found += page.demands.map(\.purpose)
      token = page.nextPageToken
    } while !token.isEmpty
    return found
  }

  @Test func `words of two characters are found in purposes and notes, in pages and inside the scope`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let texts = ["首贷购买设备", "更新CNC设备", "设购备买", "支付工资"]
      var names: [String] = []
      for text in texts { names.append(try await story.submit { $0.purpose = text }.name) }
      #expect(try await search("设备", by: Fixture.grid, story) == ["首贷购买设备", "更新CNC设备"])
      #expect(try await search("设备", by: Fixture.grid, story, size: 1) == ["首贷购买设备", "更新CNC设备"])
      #expect(try await search("首贷", by: Fixture.firm, story) == ["首贷购买设备"])
      #expect(try await search("购买设备", by: Fixture.grid, story) == ["首贷购买设备"])
      #expect(try await search("cnc 设备", by: Fixture.grid, story) == ["更新CNC设备"])
      #expect(try await search("首贷 工资", by: Fixture.grid, story).isEmpty)
      let elsewhere = Caller(organisation: "g", role: .gridWorker, regionPrefix: "370303", subject: "x")
      #expect(try await search("设备", by: elsewhere, story).isEmpty)
      #expect(try await search("设备", by: Fixture.bank("bank-a"), story).isEmpty)
      try await note(names[3], "机床已抵押", by: Fixture.grid, story)
      #expect(try await search("机床", by: Fixture.regulator, story) == ["支付工资"])
      #expect(try await search("机床", by: Fixture.regulator, story, filter: "state = HARD").isEmpty)
      for short in ["贷", "首贷 贷"] {
        let error = await story.wire.refusal { try await self.search(short, by: Fixture.grid, story) }
        #expect(error?.reason == .invalidArgument && error?.field == "query")
      }
    }
  }

  private func note(_ name: String, _ text: String, by caller: Caller, _ story: Story) async throws {
    _ = try await story.wire.run(
      "NoteDemand",
      .with {
        $0.requestID = story.key()
        $0.name = name
        $0.text = text
      }, by: caller, story.wire.service.noteDemand(request:context:))
  }

  @Test func `a note of the bureau does not give a demand away to a bank`() async throws {
    try await Story.tell { story in
      let name = try await story.pushed(to: ["bank-a"]).name
      try await note(name, "涉诉风险", by: Fixture.regulator, story)
      #expect(try await search("涉诉", by: Fixture.bank("bank-a"), story).isEmpty)
      #expect(try await search("涉诉", by: Fixture.regulator, story).count == 1)
    }
  }
}
