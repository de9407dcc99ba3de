import DemandAPI
import DemandDomain
import DemandStore
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

  @Test func `words are found on both sides of a full block of the index, and notes in either`() async throws {
    try await TestStore.with { test in
      try await test.register(try Fixture.registration())
      for number in 1...300 {
        var submission = try Fixture.submission(id: Fixture.id(number))
        submission.purpose = number % 3 == 0 ? "首贷购买设备" : "设购备买Ab"
        try await test.run(.submit(submission), "s\(number)", by: Fixture.operators)
      }
      // One demand before and one after the last that the index holds.
      for number in [5, 290] {
        let note = try NoteDemand(demand: Fixture.id(number), text: "机床AB已抵押")
        try await test.run(.note(note), "n\(number)", by: Fixture.operators)
      }
      func found(_ words: String, after: Int64? = nil) async throws -> [Int64] {
        var query = DemandQuery(limit: 7)
        query.after = after
        var all: [Int64] = []
        while true {
          let page = try await test.demands.search(DemandSearch(words, query: query), for: Fixture.operators)
          all += page.map(\.position)
          guard page.count == 7, let last = page.last else { return all }
          query.after = last.position
        }
      }
      #expect(try await found("购买") == (1...100).map { $0 * 3 })
      #expect(try await found("购买 设备", after: 250) == (84...100).map { $0 * 3 })
      #expect(try await found("机床") == [5, 290])
      #expect(try await found("机床 ab 备买") == [5, 290])
      #expect(try await found("抵押 首贷").isEmpty)
    }
  }
}
