import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

/// What stays of what was done in cases: steps with their values, deadlines, reports as of a day.
@Suite struct CaseRecordTests {
  private let bureau = Fixture.regulator
  private let bank = Fixture.bank("bank-a")
  private let firm = "enterprises/\(Fixture.uscc)"

  private func visit(
    _ story: Story, on day: String = "2025-01-02", _ fields: [String: String] = [:], parent: String = "",
    firm: String? = nil
  ) async throws -> Huirong_Demand_V1_Case {
    let given = ["visited_on": day, "result": "need", "channel": "grid"].merging(fields) { $1 }
    return try await story.open(.visit, given, by: Fixture.grid) {
      $0.enterprise = firm ?? self.firm
      $0.parent = parent
    }
  }

  @Test func `a case takes more steps than a reading shows, and all of them are listed`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let name = try await visit(story).name
      for number in 1...120 { _ = try await story.act(name, "add", reason: "第\(number)次", by: Fixture.grid) }
      let closed = try await story.act(name, "close", evidence: true, by: Fixture.grid)
      #expect(closed.state == "closed" && closed.stepCount == 121 && closed.steps.count == 100)
      #expect(closed.steps.first?.reason == "第22次" && closed.steps.last?.action == "close")
      var (all, token): ([String], String) = ([], "")
      repeat {
        let from = token
        let page = try await story.wire.run(
          "ListCaseSteps",
          .with {
            $0.name = name
            $0.pageSize = 50
            $0.pageToken = from
          }, by: Fixture.grid, story.wire.outreach.listCaseSteps(request:context:), of: "OutreachService")
        all += page.steps.map(\.reason)
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(all == (1...120).map { "第\($0)次" } + [""])
    }
  }

  @Test func `each step keeps the values that it gave`() async throws {
    try await Story.tell { story in
      let target = try await story.open(
        .firstLoanTarget, ["from": "2025-01-01", "to": "2025-12-31", "firms": "40"], by: bureau
      ) { $0.regionCode = "370300" }
      _ = try await story.act(target.name, "amend", ["firms": "50"], reason: "省里加码", by: bureau)
      let amended = try await story.act(target.name, "amend", ["firms": "45"], reason: "核减", by: bureau)
      func firms(_ fields: [Huirong_Demand_V1_CaseField]) -> String? { fields.first { $0.name == "firms" }?.value }
      #expect(firms(amended.openedWith) == "40" && firms(amended.fields) == "45")
      #expect(amended.steps.map { firms($0.fields) } == ["50", "45"])
      let logged = try await story.wire.test.log().compactMap { entry -> Case? in
        if case .matter(let matter) = entry.content { matter } else { nil }
      }
      #expect(logged.map { $0.steps.last?.fields["firms"] } == [nil, "50", "45"])
    }
  }

  @Test func `a late answer stays late, and a day in the past is reported as it stood`() async throws {
    let bureau = Caller(organisation: "bureau-63", role: .regulator, regionPrefix: "63", subject: "ma")
    try await Story.tell { story in
      let complaint = try await story.open(.complaint, ["text": "收取费用"], by: bureau) { $0.regionCode = "630102" }
      // Ten working days from Thursday, 2025-01-02.
      #expect(complaint.dueOn == Wire.date(2025, 1, 16))
      #expect(try await story.advance(to: "2025-01-16").cases.isEmpty)
      #expect(try await story.advance(to: "2025-01-17").cases == [complaint.name])
      #expect(try await story.advance(to: "2025-01-17").cases.isEmpty)
      story.wire.time.move(to: "2025-01-20")
      let answered = try await story.act(complaint.name, "answer", reason: "已退费", by: bureau)
      #expect(answered.steps.map(\.action) == ["miss", "answer"])
      let deadline = try #require(answered.deadlines.first)
      #expect(deadline.metOn == Wire.date(2025, 1, 20) && deadline.missedOn == Wire.date(2025, 1, 17))
      func counts(_ asOf: String) async throws -> [String] {
        try await story.count("63", "2025-01-01", "2025-01-31", asOf: asOf, by: bureau).counts.map {
          "\($0.state) \($0.count) \($0.overdue) \($0.late)"
        }
      }
      #expect(try await counts("2025-01-01").isEmpty)
      #expect(try await counts("2025-01-16") == ["registered 1 0 0"])
      #expect(try await counts("2025-01-19") == ["registered 1 1 1"])
      #expect(try await counts("2025-01-20") == ["answered 1 0 1"])
    }
  }

  @Test func `a work order that is handed back runs again`() async throws {
    try await Story.tell { story in
      let park = try await story.open(.park, ["steward": "王经理"], by: bureau) { $0.organisation = "bank-a" }
      let order = try await story.open(.workOrder, ["text": "x", "due_on": "2025-01-10"], by: bureau) {
        $0.organisation = "bank-a"
        $0.parent = park.name
      }
      _ = try await story.act(order.name, "accept", by: bank)
      let done = try await story.act(order.name, "finish", evidence: true, by: bank)
      #expect(!done.hasDueOn && done.deadlines.map(\.hasMetOn) == [true])
      let again = try await story.act(order.name, "return", reason: "不全", by: bureau)
      #expect(again.dueOn == Wire.date(2025, 1, 10) && again.deadlines.map(\.hasMetOn) == [true, false])
      #expect(try await story.advance(to: "2025-01-11").cases == [order.name])
    }
  }

  @Test func `sums of an event go by the day it was held, and a deal that failed has none`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let event = try await story.open(.matchingEvent, ["held_on": "2025-01-02", "place": "会展中心"], by: bureau)
      _ = try await story.act(event.name, "hold", ["attendees": "bank-a"], evidence: true, by: bureau)
      story.wire.time.move(to: "2025-02-10")
      func deal() async throws -> String {
        let name = try await story.open(.eventDeal, ["promised": "100"], by: bank) {
          $0.enterprise = self.firm
          $0.organisation = "bank-a"
          $0.parent = event.name
        }.name
        return try await story.act(name, "sign", ["signed": "80"], evidence: true, by: bank).name
      }
      let (kept, failed) = (try await deal(), try await deal())
      story.wire.time.move(to: "2025-02-20")
      _ = try await story.act(failed, "fail", reason: "企业放弃", by: bank)
      _ = try await story.act(kept, "fund", ["in_place": "50"], evidence: true, by: bank)
      func sums(_ from: String, _ to: String, asOf: String) async throws -> [Int64] {
        let report = try await story.count("3703", from, to, asOf: asOf)
        return [report.eventSignedMinorUnits, report.eventInPlaceMinorUnits]
      }
      #expect(try await sums("2025-01-01", "2025-01-31", asOf: "2025-02-20") == [80, 50])
      #expect(try await sums("2025-01-01", "2025-01-31", asOf: "2025-02-10") == [160, 0])
      #expect(try await sums("2025-02-01", "2025-02-28", asOf: "2025-02-28") == [0, 0])
    }
  }

  @Test func `a visit counts on its day, is not made tomorrow, and leads to the firm's own demand`() async throws {
    try await Story.tell { story in
      let demand = try await story.pushed()
      story.wire.time.move(to: "2025-02-03")
      let visit = try await visit(story, on: "2025-01-31")
      #expect(try await story.count("3703", "2025-01-01", "2025-01-31", asOf: "2025-02-03").firmsVisited == 1)
      #expect(try await story.count("3703", "2025-02-01", "2025-02-28").firmsVisited == 0)
      let tomorrow = await story.wire.refusal { try await self.visit(story, on: "2025-02-04") }
      #expect(tomorrow?.reason == .invalidDate && tomorrow?.field == "matter.fields.visited_on")
      let led = try await story.act(visit.name, "lead_to", ["demand": demand.name], by: Fixture.grid)
      #expect(led.demand == demand.name && led.steps.last?.fields.first?.value == demand.name)
      var other = Wire.enterprise
      other.uscc = Fixture.otherUSCC
      _ = try await story.wire.register("other", other)
      let foreign = try await self.visit(story, firm: "enterprises/\(Fixture.otherUSCC)")
      let wrong = await story.wire.refusal {
        try await story.act(foreign.name, "lead_to", ["demand": demand.name], by: Fixture.grid)
      }
      #expect(wrong?.field == "fields.demand")
    }
  }

  @Test func `a sweep gathers visits and says how far it got; a chain what it was given`() async throws {
    try await Story.tell { story in
      var member = Wire.enterprise
      member.chain = "新材料"
      _ = try await story.wire.register("r", member)
      _ = try await story.open(.chainTeam, ["chain": "新材料", "lead_banks": "b1"], by: bureau) {
        $0.regionCode = "370300"
      }
      let sweep = try await story.open(
        .sweep, ["from": "2025-01-01", "to": "2025-01-31", "firms": "40"], by: bureau
      ) { $0.regionCode = "370302" }
      for channel in ["grid", "chain_team"] { _ = try await visit(story, ["channel": channel], parent: sweep.name) }
      let event = try await story.open(
        .matchingEvent, ["held_on": "2025-01-02", "place": "x", "chain": "新材料"], by: bureau)
      _ = try await story.act(event.name, "hold", ["attendees": "b1"], evidence: true, by: bureau)
      let report = try await story.count("3703", "2025-01-01", "2025-01-31")
      #expect(report.sweeps.map(\.name) == [sweep.name] && report.sweeps.map(\.target) == [40])
      #expect(report.sweeps.map(\.visited) == [1] && report.sweeps.map(\.withNeed) == [1])
      #expect(report.chains.map(\.chain) == ["新材料"] && report.chains.map(\.visits) == [1])
      #expect(report.chains.map(\.events) == [1] && report.chains.map(\.floor) == [1])
      #expect(try await story.cases("parent = \"\(sweep.name)\"", by: Fixture.grid).count == 2)
      _ = try await story.act(sweep.name, "close", reason: "走访完毕", by: bureau)
      let late = await story.wire.refusal { try await self.visit(story, parent: sweep.name) }
      #expect(late?.reason == .stateConflict)
    }
  }

  @Test func `a team has a chain with its lead banks, or a speciality`() async throws {
    try await Story.tell { story in
      func team(_ fields: [String: String]) async -> DomainError? {
        await story.wire.refusal { try await story.open(.chainTeam, fields, by: bureau) }
      }
      #expect(await team(["speciality": "科技金融"]) == nil)
      #expect(await team([:])?.field == "matter.fields.chain")
      #expect(await team(["chain": "新材料"])?.field == "matter.fields.lead_banks")
    }
  }

  @Test func `the report of a period is made once, after its end, and does not change`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      _ = try await visit(story)
      let early = await story.wire.refusal { try await story.report("2025-01", of: "370302", by: Fixture.grid) }
      #expect(early?.reason == .invalidDate && early?.field == "period")
      story.wire.time.move(to: "2025-02-01")
      let report = try await story.report("2025-01", of: "370302", by: Fixture.grid)
      #expect(report.lines.map(\.action) == ["open"] && report.lines.map(\.firms) == [1])
      let deadline = try #require(report.matter.deadlines.first)
      #expect(deadline.dueOn == Wire.date(2025, 1, 31) && deadline.metOn == Wire.date(2025, 2, 1))
      let again = await story.wire.refusal { try await story.report("2025-01", of: "370302", by: Fixture.grid) }
      #expect(again?.reason == .resourceExists && again?.field == "period")
      #expect(
        await story.wire.refusal { try await story.report("2025-13", of: "370302", by: Fixture.grid) }?.field
          == "period")
      _ = try await visit(story)
      let read = try await story.wire.run(
        "GetReport",
        .with {
          $0.name = report.matter.name
          $0.format = .csv
        }, by: Fixture.grid, story.wire.outreach.getReport(request:context:), of: "OutreachService")
      #expect(read.lines == report.lines)
      #expect(
        String(decoding: read.content, as: UTF8.self)
          == "period,kind,action,count,cases,firms\r\n2025-01,visit,open,1,1,1\r\n")
      #expect(try await story.count("370302", "2025-01-01", "2025-01-31", asOf: "2025-02-01").counts.count == 1)
    }
  }

  @Test(arguments: [
    ("2024-02", "2024-02-01", "2024-02-29"), ("2025-Q1", "2025-01-01", "2025-03-31"),
    ("2025-Q4", "2025-10-01", "2025-12-31"), ("2025", "2025-01-01", "2025-12-31"),
  ])
  func `a period is a month, a quarter or a year`(_ text: String, _ from: String, _ to: String) throws {
    let period = try ReportPeriod(text, field: "period")
    #expect(period.from == Fixture.date(from) && period.to == Fixture.date(to))
  }

  @Test(arguments: ["", "2025-", "2025-1", "2025-00", "2025-13", "2025-Q0", "2025-Q5", "25-01", "2025-01-01", "+025"])
  func `nothing else is a period`(_ text: String) {
    #expect(refusal { try ReportPeriod(text, field: "period") }?.field == "period")
  }

  @Test func `cases are written out as CSV and as JSON`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let name = try await visit(story, ["notes": "=1+1"]).name
      func export(_ format: Huirong_Demand_V1_ExportFormat) async throws -> String {
        let page = try await story.wire.run(
          "ExportCases",
          .with {
            $0.filter = "kind = VISIT"
            $0.format = format
          }, by: bureau, story.wire.outreach.exportCases(request:context:), of: "OutreachService")
        #expect(page.rows == 1)
        return String(decoding: page.content, as: UTF8.self)
      }
      let lines = try await export(.csv).split(separator: "\r\n")
      #expect(lines.count == 2 && lines[0].hasPrefix("case,kind,state,region,title"))
      #expect(lines[1].hasPrefix("\(name.dropFirst(6)),visit,open,370302001,事项,\(Fixture.uscc)"))
      #expect(lines[1].contains("visited_on=2025-01-02;result=need;channel=grid;notes==1+1"))
      #expect(try await export(.json).contains("\"kind\":\"visit\""))
    }
  }
}
