import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf
import Testing

@Suite struct ServiceTests {
  /// One field put wrong, the reason and the field that the answer must name.
  struct Slip: Sendable, CustomTestStringConvertible {
    let field: String
    let reason: ErrorReason
    let spoil: @Sendable (inout Huirong_Demand_V1_Demand) -> Void

    init(_ field: String, _ reason: ErrorReason, _ spoil: @escaping @Sendable (inout Huirong_Demand_V1_Demand) -> Void)
    {
      self.field = field
      self.reason = reason
      self.spoil = spoil
    }

    var testDescription: String { "\(field) \(reason.rawValue)" }
  }

  static let slips = [
    Slip("demand.enterprise", .invalidResourceName) { $0.enterprise = "firms/1" },
    Slip("demand.enterprise", .resourceNotFound) { $0.enterprise = "enterprises/\(Fixture.otherUSCC)" },
    Slip("demand.amount", .requiredFieldMissing) { $0.clearAmount() },
    Slip("demand.amount.currency_code", .invalidCurrency) { $0.amount.currencyCode = "RMB" },
    Slip("demand.amount.minor_units", .invalidArgument) { $0.amount.minorUnits = 0 },
    Slip("demand.amount.minor_units", .limitExceeded) { $0.amount.minorUnits = .max },
    Slip("demand.tenor_months", .invalidArgument) { $0.tenorMonths = 601 },
    Slip("demand.purpose", .requiredFieldMissing) { $0.purpose = "" },
    Slip("demand.purpose", .invalidArgument) { $0.purpose = String(repeating: "字", count: 501) },
    Slip("demand.security_mode", .requiredFieldMissing) { $0.securityMode = .unspecified },
    Slip("demand.security_mode", .invalidArgument) { $0.securityMode = .UNRECOGNIZED(99) },
    Slip("demand.instrument", .requiredFieldMissing) { $0.instrument = .unspecified },
    Slip("demand.channel", .requiredFieldMissing) { $0.channel = .unspecified },
    Slip("demand.region_code", .invalidRegion) { $0.regionCode = "3703" },
    Slip("demand.wanted_date", .invalidDate) { $0.wantedDate = Wire.date(2025, 2, 30) },
    Slip("demand.valid_until", .invalidDate) { $0.validUntil = Wire.date(2025, 13, 1) },
    Slip("demand.contact.phone", .invalidArgument) { $0.contact.phone = "call me" },
  ]

  @Test func `a wrong field is named with its reason and nothing is stored`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      for slip in Self.slips {
        var demand = Wire.demand
        slip.spoil(&demand)
        let spoiled = demand
        let error = await wire.refusal { try await wire.submit("slip-\(slip.testDescription.hashValue)", spoiled) }
        #expect(error?.reason == slip.reason && error?.field == slip.field, "\(slip): \(error as Any)")
      }
      let unnamed = await wire.refusal { try await wire.submit("") }
      #expect(unnamed?.reason == .invalidRequestID && unnamed?.field == "request_id")
      #expect(try await wire.list("", by: Fixture.operators).demands.isEmpty)
    }
  }

  @Test func `a wrong registration names its field, alone and as a row of a batch`() async throws {
    try await WireFixture.with { wire in
      let slips: [(String, ErrorReason, (inout Huirong_Demand_V1_Enterprise) -> Void)] = [
        ("uscc", .invalidUSCC, { $0.uscc = "123" }), ("display_name", .requiredFieldMissing, { $0.displayName = "" }),
        ("region_code", .invalidRegion, { $0.regionCode = "99" }),
        ("industry_code", .invalidIndustry, { $0.industryCode = "X1" }),
        ("size_inputs.sector", .invalidArgument, { $0.sizeInputs.sector = "shop" }),
        ("size_inputs.revenue.currency_code", .currencyMismatch, { $0.sizeInputs.revenue.currencyCode = "USD" }),
        ("size_inputs.staff", .invalidArgument, { $0.sizeInputs.staff = -1 }),
        ("tags[0].tag", .requiredFieldMissing, { $0.tags[0].tag = "" }),
        ("consents[1].expires_on", .requiredFieldMissing, { $0.consents[1].clearExpiresOn() }),
        ("consents[0].expires_on", .invalidDate, { $0.consents[0].expiresOn = Wire.date(2024, 1, 1) }),
      ]
      var rows = [Wire.enterprise]
      for (field, reason, spoil) in slips {
        var enterprise = Wire.enterprise
        spoil(&enterprise)
        rows.append(enterprise)
        let spoiled = enterprise
        let error = await wire.refusal { try await wire.register("alone-\(field)-\(reason)", spoiled) }
        #expect(error?.reason == reason && error?.field == "enterprise.\(field)", "\(field): \(error as Any)")
      }
      rows.append(Wire.enterprise)
      let batch = rows
      let response = try await wire.service.batchRegisterEnterprises(
        request: wire.request(
          .with {
            $0.requestID = "batch"
            $0.enterprises = batch
          }, by: Fixture.operators), context: wire.context("BatchRegisterEnterprises")
      ).message
      #expect(response.registered == 1 && response.refused == Int32(slips.count + 1))
      #expect(response.rows[0].name == "enterprises/\(Fixture.uscc)")
      for (index, slip) in slips.enumerated() {
        let row = response.rows[index + 1]
        #expect(row.error.field == "enterprises[\(index + 1)].\(slip.0)" && row.error.reason == slip.1.rawValue)
      }
      let last = try #require(response.rows.last)
      #expect(last.error.reason == "RESOURCE_EXISTS" && last.error.field == "enterprises[\(rows.count - 1)].uscc")
    }
  }

  @Test func `contact data appears with the claim, and a replay answers as the first time`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      let demand = try await wire.submit()
      #expect(demand.contact.person == "李工" && demand.etag == "1" && demand.name.hasPrefix("demands/"))
      #expect(try await wire.submit() == demand)
      let judged = try await wire.assess(demand.name)
      #expect(judged.assessment.verdict == .feasible && judged.assessment.rules.contains { !$0.citations.isEmpty })
      _ = try await wire.push(demand.name, to: ["bank-a", "bank-b"])
      let claimed = try await wire.claim(demand.name, by: Fixture.bank("bank-a"))
      #expect(claimed.contact.phone == "0533-000000")
      #expect(claimed.targets.filter { $0.kind == .institution }.map(\.organisation) == ["bank-a"])
      #expect(try await wire.claim(demand.name, by: Fixture.bank("bank-a")) == claimed)
      let late = await wire.refusal { try await wire.claim(demand.name, by: Fixture.bank("bank-b")) }
      #expect(late?.reason == .alreadyClaimed && late?.metadata["institution"] == "bank-a")
      let reused = await wire.refusal { try await wire.assess(demand.name, "s", by: Fixture.firm) }
      #expect(reused?.reason == .roleNotAllowed)
      let other = await wire.refusal { try await wire.claim("demands/other", by: Fixture.bank("bank-a")) }
      #expect(other?.reason == .requestIDReused)
    }
  }

  @Test func `a list shows judgements without their rules, by place and by firm alike`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      let judged = try await wire.assess(try await wire.submit().name)
      #expect(!judged.assessment.rules.isEmpty)
      for filter in ["region_code = \"3703*\"", "enterprise = \"\(judged.enterprise)\"", ""] {
        var listed = try #require(try await wire.list(filter, by: Fixture.regulator).demands.first)
        var expected = judged
        expected.assessment.rules = []
        // What each caller sees of it is another rule.
        expected.clearContact()
        listed.clearContact()
        #expect(listed == expected, "\(filter)")
      }
    }
  }

  @Test func `lists page without gap or repetition and bind their tokens`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      var names: [String] = []
      for number in 0..<7 { names.append(try await wire.submit("s\(number)").name) }
      var (found, token) = ([String](), "")
      repeat {
        let page = try await wire.list(
          "state = SUBMITTED AND region_code = \"3703*\"", by: Fixture.regulator, size: 3, token: token)
        found += page.demands.map(\.name)
        token = page.nextPageToken
      } while !token.isEmpty
      #expect(found == names)
      let newest = try await wire.list("", by: Fixture.grid, size: 2, order: "create_time desc")
      #expect(newest.demands.map(\.name) == [names[6], names[5]])
      let moved = await wire.refusal {
        try await wire.list("state = HARD", by: Fixture.grid, size: 2, token: newest.nextPageToken)
      }
      #expect(moved?.reason == .invalidPageToken)
      for (filter, column) in [
        ("state = OPEN", "9"), ("colour = red", "1"), ("state != HARD", "1"), ("state = HARD OR state = PUSHED", "1"),
        ("state = HARD AND state = HARD", "18"), ("region_code = 37x", "15"), ("enterprise = \"x\"", "14"),
      ] {
        let error = await wire.refusal { try await wire.list(filter, by: Fixture.operators) }
        #expect(error?.reason == .invalidFilter && error?.metadata["column"] == column, "\(filter): \(error as Any)")
      }
      #expect(
        await wire.refusal { try await wire.list("", by: Fixture.operators, size: -1) }?.reason == .invalidPageSize)
    }
  }

  @Test func `an institution lists what was pushed to it and the open pushes of its region`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      var names: [String] = []
      for number in 0..<3 {
        let demand = try await wire.submit("s\(number)")
        _ = try await wire.assess(demand.name, "a\(number)")
        names.append(demand.name)
      }
      _ = try await wire.push(names[0], to: ["bank-a"], "p0")
      _ = try await wire.push(names[1], to: ["bank-b"], "p1")
      let opened = names[2]
      _ = try await wire.service.pushDemand(
        request: wire.request(
          .with {
            $0.requestID = "p2"
            $0.name = opened
            $0.mode = .open
          }, by: Fixture.regulator), context: wire.context("PushDemand"))
      let bank = Fixture.bank("bank-a")
      #expect(try await wire.list("", by: bank).demands.map(\.name) == [names[0]])
      let open = try await wire.list("state = PUSHED AND push_mode = OPEN", by: bank)
      #expect(open.demands.map(\.name) == [opened] && !open.demands[0].hasContact)
      let away = try await wire.list("state = PUSHED AND push_mode = OPEN", by: Fixture.bank("bank-z", region: "3706"))
      #expect(away.demands.isEmpty)
      _ = try await wire.claim(opened, by: bank)
      #expect(try await wire.list("claimed_institution = bank-a", by: bank).demands.map(\.name) == [opened])
      let spying = await wire.refusal { try await wire.list("target_institution = bank-b", by: bank) }
      #expect(spying?.reason == .outOfScope)
    }
  }

  @Test func `a watcher gets every event it may see, typed, with the demand right after it`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      let demand = try await wire.submit()
      _ = try await wire.assess(demand.name)
      _ = try await wire.push(demand.name, to: ["bank-a", "bank-b"])
      _ = try await wire.claim(demand.name, by: Fixture.bank("bank-a"))
      let all = try await wire.watch(by: Fixture.service)
      #expect(all.map(\.header.sequence) == [1, 2, 3, 4, 5])
      #expect(
        all.map(\.header.type) == [
          "enterprise.registered", "demand.submitted", "demand.assessed", "demand.pushed", "demand.claimed",
        ])
      #expect(all.map(\.event.demand.state) == [.unspecified, .submitted, .assessed, .pushed, .claimed])
      #expect(all.map(\.event.fromState) == [.unspecified, .unspecified, .submitted, .assessed, .pushed])
      #expect(all.allSatisfy { !$0.event.demand.hasContact && $0.header.hash.count == 32 })
      #expect(all[2].event.assessed.rules.count == 8 && all[2].event.demand.assessment.rules.isEmpty)
      #expect(all[3].event.pushed.citations.map(\.article) == ["二(二)1"])
      #expect(all[4].event.claimed.institution == "bank-a")
    }
  }

  @Test func `a watcher of another scope gets only its own`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      let demand = try await wire.submit()
      _ = try await wire.assess(demand.name)
      _ = try await wire.push(demand.name, to: ["bank-a", "bank-b"])
      _ = try await wire.claim(demand.name, by: Fixture.bank("bank-a"))
      let seen = try await wire.watch(after: 1, by: Fixture.bank("bank-b"))
      #expect(seen.map(\.header.sequence) == [4, 5])
      #expect(seen[0].event.pushed.targets.filter { $0.kind == .institution }.map(\.organisation) == ["bank-b"])
    }
  }

  @Test func `summaries and the chain are answered inside the caller's scope`() async throws {
    try await WireFixture.with { wire in
      _ = try await wire.register()
      _ = try await wire.submit()
      let summary = try await wire.service.summarizeDemands(
        request: wire.request(.with { $0.regionPrefix = "3703" }, by: Fixture.regulator),
        context: wire.context("SummarizeDemands")
      ).message
      #expect(summary.asOfSequence == 2 && summary.regions.map(\.regionCode) == ["370302"])
      #expect(summary.total.current.map(\.count) == [1] && summary.total.amounts[0].wanted.minorUnits == 200_000_000)
      #expect(!summary.total.amounts[0].hasGrantedRate)
      let outside = await wire.refusal {
        try await wire.service.summarizeDemands(
          request: wire.request(.with { $0.regionPrefix = "37" }, by: Fixture.regulator),
          context: wire.context("SummarizeDemands")
        ).message
      }
      #expect(outside?.reason == .outOfScope)
      let report = try await wire.service.verifyChain(
        request: wire.request(.init(), by: Fixture.operators), context: wire.context("VerifyChain")
      ).message
      #expect(report.intact && report.entries == 2 && report.chain == "demand.events" && report.headHash.count == 32)
    }
  }

  @Test func `every RPC has its row, and the commands' rows follow the state machine`() throws {
    try DemandAccess.table.validate(against: Huirong_Demand_V1_DemandService.Method.descriptors)
    let rpcs: [DemandCommandKind: String] = [
      .submit: "SubmitDemand", .assess: "AssessDemand", .reassess: "ReassessDemand", .push: "PushDemand",
      .claim: "ClaimDemand", .offer: "OfferDemand", .sign: "SignDemand", .disburse: "RecordDisbursement",
      .close: "CloseDemand", .decline: "DeclineDemand", .withdraw: "WithdrawDemand", .expire: "ExpireDemand",
      .escalate: "EscalateDemand", .plan: "PlanImprovement", .invite: "InviteInstitution", .join: "JoinDemand",
      .acknowledge: "AcknowledgeDemand", .contact: "RecordContact", .pause: "PauseDemand", .resume: "ResumeDemand",
      .miss: "AdvanceClocks", .note: "NoteDemand", .attach: "AttachDocument", .reopen: "ReopenDemand",
    ]
    for command in DemandCommandKind.allCases {
      let rpc = try #require(rpcs[command])
      let row = DemandAccess.table.roles(of: "huirong.demand.v1.DemandService/\(rpc)")
      for role in Role.allCases { #expect(row.contains(role) == DemandMachine.roles(for: command).contains(role)) }
    }
  }
}
