import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct CaseTests {
  private let bureau = Fixture.regulator

  private func arrange(_ story: Story, _ year: Int32, _ month: Int32, _ banks: [String]) async throws
    -> Huirong_Demand_V1_Case
  {
    try await story.wire.run(
      "ArrangeDuty",
      .with {
        $0.requestID = story.key()
        $0.regionCode = "370300"
        $0.year = year
        $0.month = month
        $0.banks = banks
      }, by: bureau, story.wire.outreach.arrangeDuty(request:context:), of: "OutreachService")
  }

  /// The lead banks of a chain's team, out of whom months of duty are arranged.
  private func team(_ story: Story, _ banks: [String], chain: String = "新能源") async throws {
    _ = try await story.open(.chainTeam, ["chain": chain, "lead_banks": banks.joined(separator: ",")], by: bureau) {
      $0.regionCode = "370300"
    }
  }

  private static func banks(_ duty: Huirong_Demand_V1_Case) -> [String] {
    duty.fields.filter { $0.name != "month" }.map(\.value)
  }

  @Test func `nobody is on duty again before all have served, and over a year all serve alike`() async throws {
    try await Story.tell { story in
      let banks = ["b1", "b2", "b3", "b4", "b5"]
      try await team(story, banks)
      var served: [String: Int] = [:]
      var order: [String] = []
      for month in 1...12 as ClosedRange<Int32> {
        let duty = Self.banks(try await arrange(story, 2025, month, banks))
        #expect(duty.count == 2 && Set(duty).count == 2)
        for bank in duty {
          served[bank, default: 0] += 1
          order.append(bank)
          let counts = banks.map { served[$0, default: 0] }
          #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "month \(month): \(served)")
        }
      }
      #expect(Set(order.prefix(5)) == Set(banks))
      #expect(await story.wire.refusal { try await self.arrange(story, 2025, 3, banks) }?.reason == .resourceExists)
    }
  }

  @Test func `a push reaches the banks on duty this month and the chain's lead banks`() async throws {
    try await Story.tell { story in
      var firm = Wire.enterprise
      firm.chain = "新材料"
      _ = try await story.wire.register("r", firm)
      try await team(story, ["duty-a", "duty-b", "duty-c"])
      _ = try await arrange(story, 2025, 1, ["duty-a", "duty-b", "duty-c"])
      _ = try await arrange(story, 2025, 2, ["duty-a", "duty-b", "duty-c"])
      _ = try await story.open(.chainTeam, ["chain": "新材料", "lead_banks": "lead-a,duty-a"], by: bureau) {
        $0.regionCode = "370300"
      }
      _ = try await story.open(.chainTeam, ["chain": "新医药", "lead_banks": "lead-z"], by: bureau) {
        $0.regionCode = "370300"
      }
      let demand = try await story.submit()
      _ = try await story.wire.assess(demand.name)
      let pushed = try await story.push(demand.name, to: ["bank-a"])
      let reasons = Dictionary(uniqueKeysWithValues: pushed.targets.map { ($0.organisation, $0.reason) })
      #expect(
        reasons == [
          "bank-a": .match, "lead-a": .chainLead, "duty-a": .chainLead, "duty-b": .dutyBank, "region-3703": .regulator,
          "region-370302": .regulator,
        ])
      _ = try await story.wire.run(
        "AcknowledgeDemand",
        .with {
          $0.requestID = story.key()
          $0.name = demand.name
        }, by: bureau, story.wire.service.acknowledgeDemand(request:context:))
      let seen = try await story.wire.run(
        "GetDemand", .with { $0.name = demand.name }, by: bureau, story.wire.service.getDemand(request:context:))
      #expect(seen.targets.filter(\.hasAcknowledgeTime).map(\.organisation) == ["region-3703"])
    }
  }

  @Test func `a notice of the city flows down to the village, a visit stays where it was made`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      _ = try await story.open(.notice, ["subject": "policy", "text": "贴息政策"], by: bureau) { $0.regionCode = "370300" }
      _ = try await story.open(.notice, ["subject": "product", "text": "新产品"], by: bureau) { $0.regionCode = "370303" }
      let village = Caller(organisation: "v", role: .gridWorker, regionPrefix: "370302001001", subject: "x")
      #expect(try await story.cases("kind = NOTICE", by: village).map { $0.fields.last?.value } == ["贴息政策"])
      #expect(try await story.cases("kind = NOTICE", by: Fixture.bank("bank-a")).count == 2)
      #expect(try await story.cases("kind = NOTICE", by: Fixture.bank("bank-a", region: "3706")).isEmpty)
    }
  }

  @Test func `a due-diligence file is reused only with consent and while it is valid`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let (author, reader) = (Fixture.bank("bank-a"), Fixture.bank("bank-b"))
      let file = try await story.open(
        .diligenceFile, ["made_on": "2025-01-02", "valid_until": "2025-06-30", "archive": "A-7"], by: author
      ) {
        $0.enterprise = "enterprises/\(Fixture.uscc)"
        $0.organisation = "bank-a"
      }
      func reuse() async throws -> Huirong_Demand_V1_Case {
        try await story.act(file.name, "reuse", reason: "联合授信", by: reader)
      }
      #expect(await story.wire.refusal { try await reuse() }?.reason == .outOfScope)
      _ = try await story.act(file.name, "consent", evidence: true, by: Fixture.firm)
      #expect(try await reuse().steps.count == 2)
      story.wire.time.move(to: "2025-06-30")
      #expect(try await reuse().steps.count == 3)
      story.wire.time.move(to: "2025-07-01")
      #expect(await story.wire.refusal { try await reuse() }?.reason == .policyConditionFailed)
      _ = try await story.act(file.name, "revoke", reason: "不再同意", by: Fixture.firm)
      #expect(await story.wire.refusal { try await reuse() }?.reason == .outOfScope)
    }
  }

  private func promise(_ event: String, _ story: Story) async throws -> Huirong_Demand_V1_Case {
    var matter = Story.matter(.eventDeal, ["promised": "100"])
    matter.enterprise = "enterprises/\(Fixture.uscc)"
    matter.organisation = "bank-a"
    matter.parent = event
    let given = matter
    return try await story.open(.eventDeal, ["promised": "100"], by: Fixture.bank("bank-a")) { $0 = given }
  }

  @Test func `an event's promises become signed sums and money in place`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let event = try await story.open(.matchingEvent, ["held_on": "2025-01-02", "place": "会展中心"], by: bureau)
      let bank = Fixture.bank("bank-a")
      let early = await story.wire.refusal { try await promise(event.name, story) }
      #expect(early?.reason == .stateConflict)
      _ = try await story.act(event.name, "hold", ["attendees": "bank-a,firm-1"], evidence: true, by: bureau)
      let deal = try await promise(event.name, story)
      let stolen = await story.wire.refusal {
        try await story.act(deal.name, "sign", ["signed": "80"], evidence: true, by: Fixture.bank("bank-b"))
      }
      #expect(stolen?.reason == .outOfScope)
      _ = try await story.act(deal.name, "sign", ["signed": "80"], evidence: true, by: bank)
      _ = try await story.act(deal.name, "fund", ["in_place": "50"], evidence: true, by: bank)
      let report = try await story.wire.run(
        "ReportCases",
        .with {
          $0.regionPrefix = "3703"
          $0.fromDate = Wire.date(2025, 1, 1)
          $0.toDate = Wire.date(2025, 3, 31)
          $0.asOf = Wire.date(2025, 3, 31)
        }, by: bureau, story.wire.outreach.reportCases(request:context:), of: "OutreachService")
      #expect(report.eventSignedMinorUnits == 80 && report.eventInPlaceMinorUnits == 50)
    }
  }

  @Test func `a work order runs from issue to confirmation and shows when it is late`() async throws {
    try await Story.tell { story in
      let park = try await story.open(.park, ["steward": "王经理"], by: bureau) { $0.organisation = "bank-a" }
      let order = try await story.open(.workOrder, ["text": "协调抵押登记", "due_on": "2025-01-10"], by: bureau) {
        $0.organisation = "bank-a"
        $0.parent = park.name
      }
      #expect(order.dueOn == Wire.date(2025, 1, 10))
      let bank = Fixture.bank("bank-a")
      _ = try await story.act(order.name, "accept", by: bank)
      #expect(
        await story.wire.refusal { try await story.act(order.name, "finish", by: bank) }?.reason == .evidenceMissing)
      _ = try await story.act(order.name, "finish", evidence: true, by: bank)
      story.wire.time.move(to: "2025-01-20")
      let overdue = try await story.count("3703", "2025-01-01", "2025-01-31").counts.map(\.overdue)
      #expect(overdue == [0, 0])
      let done = try await story.act(order.name, "confirm", by: bureau)
      #expect(done.state == "confirmed" && !done.hasDueOn && done.steps.count == 3)
      let over = await story.wire.refusal { try await story.act(order.name, "confirm", by: self.bureau) }
      #expect(over?.reason == .stateConflict && over?.metadata["allowed"] == "")
    }
  }

  @Test func `every field of every kind is checked and named`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let wrong: [(String, String, String)] = [
        ("visited_on", "2025-02-30", "matter.fields.visited_on"), ("result", "maybe", "matter.fields.result"),
        ("colour", "red", "matter.fields.colour"), ("visited_on", "", "matter.fields.visited_on"),
      ]
      for (name, value, field) in wrong {
        var fields = ["visited_on": "2025-01-02", "result": "need", "channel": "grid"]
        fields[name] = value
        let given = fields
        let error = await story.wire.refusal {
          try await story.open(.visit, given, by: Fixture.grid) { $0.enterprise = "enterprises/\(Fixture.uscc)" }
        }
        #expect(error?.field == field, "\(error as Any)")
      }
      let lone = await story.wire.refusal {
        try await story.open(
          .visit, ["visited_on": "2025-01-02", "result": "need", "channel": "grid"], by: Fixture.grid)
      }
      #expect(lone?.reason == .requiredFieldMissing && lone?.field == "matter.enterprise")
    }
  }

  @Test func `a firm visited by two channels counts once`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      for channel in ["grid", "branch", "hotline"] {
        _ = try await story.open(
          .visit, ["visited_on": "2025-01-02", "result": "need", "channel": channel], by: Fixture.grid
        ) { $0.enterprise = "enterprises/\(Fixture.uscc)" }
      }
      let report = try await story.wire.run(
        "ReportCases",
        .with {
          $0.regionPrefix = "370302"
          $0.fromDate = Wire.date(2025, 1, 1)
          $0.toDate = Wire.date(2025, 1, 31)
          $0.asOf = Wire.date(2025, 1, 31)
        }, by: Fixture.grid, story.wire.outreach.reportCases(request:context:), of: "OutreachService")
      #expect(report.firmsVisited == 1 && report.counts.map(\.count) == [3])
    }
  }
}
