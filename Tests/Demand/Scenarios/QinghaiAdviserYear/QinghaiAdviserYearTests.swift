import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct QinghaiAdviserYearTests {
  private let bureau = Caller(organisation: "bureau-63", role: .regulator, regionPrefix: "63", subject: "ma")
  private let bank = Fixture.bank("bank-qh", region: "63")
  private let adviser = Caller(organisation: "advisers-qh", role: .adviser, regionPrefix: "63", subject: "he")

  @Test func `an adviser is appointed, serves, and is renewed`() async throws {
    try await Story.tell { story in
      let firms = try await firms(story)
      let her = try await appoint(story)
      let group = try await group(story, her)
      let first = try await pair(story, her, firms[0])
      _ = try await pair(story, her, firms[1])
      let third = await story.wire.refusal { try await self.pair(story, her, firms[2]) }
      #expect(third?.reason == .limitExceeded && third?.metadata["cap"] == "2")
      try await question(story, firms[0])
      try await complaint(story)
      _ = try await story.act(first, "ask_leave", reason: "企业已上市", by: adviser)
      _ = try await story.act(first, "release", reason: "核实属实", by: bureau)
      _ = try await pair(story, her, firms[2])
      try await report(story, group)
      try await renew(story, her)
    }
  }

  private func place(_ matter: inout Huirong_Demand_V1_Case) { matter.regionCode = "630102" }

  private func firms(_ story: Story) async throws -> [String] {
    var names: [String] = []
    for number in 1...3 {
      var firm = Wire.enterprise
      firm.uscc = try Fixture.firm(number: number).organisation
      firm.regionCode = "630102"
      names.append(try await story.wire.register("firm-\(number)", firm).name)
    }
    return names
  }

  private func appoint(_ story: Story) async throws -> String {
    let nominated = try await nominate(story, "何工")
    #expect(nominated.state == "nominated")
    let early = await story.wire.refusal {
      try await story.act(nominated.name, "appoint", ["appointed_on": "2025-01-06"], by: self.bureau)
    }
    #expect(early?.reason == .stateConflict)
    _ = try await story.act(nominated.name, "pass", reason: "评审通过", by: bureau)
    let appointed = try await story.act(nominated.name, "appoint", ["appointed_on": "2025-01-06"], by: bureau)
    #expect(appointed.state == "appointed" && appointed.dueOn == Wire.date(2026, 1, 5))
    return nominated.name
  }

  private func nominate(_ story: Story, _ person: String) async throws -> Huirong_Demand_V1_Case {
    try await story.open(.adviser, ["person": person, "speciality": "供应链金融", "account": "advisers-qh"], by: bank) {
      self.place(&$0)
      $0.organisation = "bank-qh"
    }
  }

  private func group(_ story: Story, _ her: String) async throws -> String {
    let leader = String(her.dropFirst(6))
    var colleagues: [String] = []
    for number in 1...10 {
      let name = try await nominate(story, "顾问\(number)").name
      _ = try await story.act(name, "pass", reason: "评审通过", by: bureau)
      _ = try await story.act(name, "appoint", ["appointed_on": "2025-01-06"], by: bureau)
      colleagues.append(String(name.dropFirst(6)))
    }
    func members(_ count: Int) -> String {
      ([leader] + colleagues.prefix(count - 1)).joined(separator: ",")
    }
    let crowd = await story.wire.refusal {
      try await story.open(.adviserGroup, ["leader": leader, "members": members(11)], by: self.bureau, self.place)
    }
    #expect(crowd?.reason == .limitExceeded)
    let group = try await story.open(.adviserGroup, ["leader": leader, "members": members(10)], by: bureau, place)
    let noted = try await story.act(group.name, "note", ["period": "2025-01"], evidence: true, by: adviser)
    #expect(noted.steps.map(\.action) == ["note"])
    let again = await story.wire.refusal {
      try await story.act(group.name, "note", ["period": "2025-01"], evidence: true, by: self.adviser)
    }
    #expect(again?.reason == .resourceExists && again?.field == "fields.period")
    return group.name
  }

  private func pair(_ story: Story, _ adviser: String, _ firm: String) async throws -> String {
    story.wire.time.move(to: "2025-01-06")
    let pairing = try await story.open(.pairing, [:], by: bureau) {
      self.place(&$0)
      $0.enterprise = firm
      $0.parent = adviser
    }
    let bare = await story.wire.refusal { try await story.act(pairing.name, "file_agreement", by: self.bureau) }
    #expect(bare?.reason == .evidenceMissing)
    #expect(try await story.act(pairing.name, "file_agreement", evidence: true, by: bureau).state == "active")
    let second = await story.wire.refusal {
      try await story.open(.pairing, [:], by: self.bureau) {
        self.place(&$0)
        $0.enterprise = firm
        $0.parent = adviser
      }
    }
    #expect(second?.reason == .resourceExists || second?.reason == .limitExceeded)
    return pairing.name
  }

  private func question(_ story: Story, _ firm: String) async throws {
    let asked = try await story.open(.question, ["text": "如何取得首贷"], by: adviser) {
      self.place(&$0)
      $0.enterprise = firm
    }
    #expect(asked.state == "adviser")
    #expect(try await story.act(asked.name, "escalate", reason: "涉及政策", by: adviser).state == "group")
    #expect(try await story.act(asked.name, "escalate", reason: "需部门答复", by: adviser).state == "bureau")
    let low = await story.wire.refusal { try await story.act(asked.name, "answer", reason: "可以", by: self.adviser) }
    #expect(low?.reason == .roleNotAllowed)
    #expect(try await story.act(asked.name, "answer", reason: "按目录申请", by: bureau).state == "answered")
  }

  private func complaint(_ story: Story) async throws {
    story.wire.time.move(to: "2025-01-24")
    let complaint = try await story.open(.complaint, ["text": "收取费用"], by: bank, place)
    // 26, 27 January; 5, 6, 7, 8, 10, 11, 12, 13 February: the weekends of 26 January and 8 February are worked.
    #expect(complaint.dueOn == Wire.date(2025, 2, 13))
    #expect(!(try await story.act(complaint.name, "answer", reason: "已退费", by: bureau)).hasDueOn)
    story.wire.time.move(to: "2025-01-06")
  }

  private func report(_ story: Story, _ group: String) async throws {
    story.wire.time.move(to: "2025-01-31")
    let month = try await story.report("2025-01", subject: group, by: adviser)
    let lines = Dictionary(uniqueKeysWithValues: month.lines.map { ("\($0.kind).\($0.action)", $0) })
    #expect(lines["pairing.open"]?.count == 3 && lines["pairing.open"]?.firms == 3)
    #expect(lines["question.answer"]?.count == 1 && lines["adviser.appoint"]?.cases == 10)
    #expect(month.matter.deadlines.map(\.dueOn) == [Wire.date(2025, 1, 31)])
    let report = try await story.wire.run(
      "ReportCases",
      .with {
        $0.regionPrefix = "63"
        $0.fromDate = Wire.date(2025, 1, 1)
        $0.toDate = Wire.date(2025, 12, 31)
        $0.asOf = Wire.date(2025, 12, 31)
      }, by: bureau, story.wire.outreach.reportCases(request:context:), of: "OutreachService")
    let pairings = report.counts.filter { $0.kind == .pairing }
    #expect(pairings.map(\.state) == ["active", "released"] && pairings.map(\.count) == [2, 1])
    #expect(report.counts.first { $0.kind == .complaint }?.overdue == 0)
  }

  private func renew(_ story: Story, _ her: String) async throws {
    let early = await story.wire.refusal {
      try await story.act(her, "renew", ["appointed_on": "2026-01-05"], by: self.bureau)
    }
    #expect(early?.reason == .invalidDate)
    let renewed = try await story.act(her, "renew", ["appointed_on": "2026-01-06"], by: bureau)
    #expect(renewed.dueOn == Wire.date(2027, 1, 5))
  }
}
