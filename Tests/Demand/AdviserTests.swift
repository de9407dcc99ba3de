import DemandAPI
import DemandDomain
import Kernel
import Protos
import SwiftProtobuf
import Testing

/// Advisers are nominated once, gathered in one group each, and replaced by others who take their firms.
@Suite struct AdviserTests {
  private let bureau = Caller(organisation: "bureau-63", role: .regulator, regionPrefix: "63", subject: "ma")

  private func appointed(_ story: Story, _ person: String, until term: String = "2025-01-02") async throws -> String {
    let name = try await story.open(.adviser, ["person": person, "speciality": "x"], by: bureau) {
      $0.regionCode = "630102"
      $0.organisation = "bank-a"
    }.name
    _ = try await story.act(name, "pass", reason: "x", by: bureau)
    return try await story.act(name, "appoint", ["appointed_on": term], by: bureau).name
  }

  private func pair(_ story: Story, _ adviser: String, firm number: Int) async throws -> Huirong_Demand_V1_Case {
    var firm = Wire.enterprise
    firm.uscc = try Fixture.firm(number: number).organisation
    firm.regionCode = "630102"
    _ = try? await story.wire.register("firm-\(number)", firm)
    let name = "enterprises/\(firm.uscc)"
    return try await story.open(.pairing, [:], by: bureau) {
      $0.regionCode = "630102"
      $0.enterprise = name
      $0.parent = adviser
    }
  }

  private static func id(_ name: String) -> String { String(name.dropFirst(6)) }

  @Test func `nobody is nominated twice while the first nomination stands`() async throws {
    try await Story.tell { story in
      let first = try await appointed(story, "何工")
      let again = await story.wire.refusal { try await self.appointed(story, "何工") }
      #expect(again?.reason == .resourceExists && again?.field == "matter.fields.person")
      _ = try await story.act(first, "end", by: bureau)
      #expect(await story.wire.refusal { try await self.appointed(story, "何工") } == nil)
    }
  }

  @Test func `with a new adviser go the firms of the old one, and no more than it may serve`() async throws {
    try await Story.tell { story in
      let old = try await appointed(story, "何工")
      let full = try await appointed(story, "李工")
      let free = try await appointed(story, "王工")
      let candidate = try await story.open(.adviser, ["person": "赵工", "speciality": "x"], by: bureau) {
        $0.regionCode = "630102"
        $0.organisation = "bank-a"
      }.name
      var pairings: [String] = []
      for number in 1...2 { pairings.append(try await pair(story, old, firm: number).name) }
      _ = try await pair(story, full, firm: 3)
      func replace(by successor: String) async throws -> Huirong_Demand_V1_Case {
        try await story.act(old, "replace", ["successor": Self.id(successor)], reason: "调离", by: bureau)
      }
      #expect(await story.wire.refusal { try await replace(by: full) }?.reason == .limitExceeded)
      #expect(await story.wire.refusal { try await replace(by: old) }?.field == "fields.successor")
      #expect(await story.wire.refusal { try await replace(by: candidate) }?.field == "fields.successor")
      let ended = await story.wire.refusal { try await story.act(old, "end", by: self.bureau) }
      #expect(ended?.reason == .stateConflict)
      #expect(try await replace(by: free).state == "replaced")
      for pairing in pairings {
        let moved = try await story.matter(pairing, by: bureau)
        #expect(moved.parent == free && moved.steps.last?.action == "transfer" && moved.steps.last?.reason == "调离")
      }
      let more = await story.wire.refusal { try await self.pair(story, free, firm: 4) }
      #expect(more?.reason == .limitExceeded)
      let log = try await story.wire.test.log().map(\.type).filter { $0.hasPrefix("case.") }
      #expect(Array(log.suffix(3)) == ["case.replace", "case.transfer", "case.transfer"])
    }
  }

  @Test func `a group gathers appointed advisers of no other group`() async throws {
    try await Story.tell { story in
      let (one, two) = (try await appointed(story, "何工"), try await appointed(story, "李工"))
      let candidate = try await story.open(.adviser, ["person": "赵工", "speciality": "x"], by: bureau) {
        $0.regionCode = "630102"
        $0.organisation = "bank-a"
      }.name
      func group(_ members: [String], type: String? = nil) async throws -> Huirong_Demand_V1_Case {
        var fields = ["leader": Self.id(members[0]), "members": members.map(Self.id).joined(separator: ",")]
        fields["type"] = type
        return try await story.open(.adviserGroup, fields, by: bureau) { $0.regionCode = "630102" }
      }
      #expect(await story.wire.refusal { try await group([one, candidate]) }?.field == "fields.members")
      let first = try await group([one])
      let both = await story.wire.refusal { try await group([two, one]) }
      #expect(both?.reason == .resourceExists && both?.metadata["resource"] == one)
      // 政策法规小组: where the pack has one, of its own advisers.
      #expect(try await group([two], type: "policy").fields.first?.value == "policy")
      let grown = await story.wire.refusal {
        try await story.act(
          first.name, "amend", ["leader": Self.id(one), "members": "\(Self.id(one)),\(Self.id(two))"], reason: "x",
          by: self.bureau)
      }
      #expect(grown?.reason == .resourceExists)
    }
  }

  @Test func `a work note is of a month, a summary of a quarter, a report of a year, each once`() async throws {
    try await Story.tell { story in
      let one = try await appointed(story, "何工")
      let group = try await story.open(
        .adviserGroup, ["leader": Self.id(one), "members": Self.id(one)], by: bureau
      ) { $0.regionCode = "630102" }
      func hand(_ action: String, _ period: String) async -> DomainError? {
        await story.wire.refusal {
          try await story.act(group.name, action, ["period": period], evidence: true, by: Fixture.operators)
        }
      }
      #expect(await hand("note", "2025-01") == nil)
      #expect(await hand("note", "2025-01")?.reason == .resourceExists)
      #expect(await hand("note", "2025-02") == nil)
      #expect(await hand("note", "2025-Q1")?.field == "fields.period")
      #expect(await hand("summary", "2025-Q1") == nil)
      #expect(await hand("report", "2025") == nil)
      #expect(await hand("report", "最近")?.field == "fields.period")
    }
  }
}
