import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Policy
import Protos
import SwiftProtobuf
import Testing

/// What counts as one need, and who learns of it.
@Suite struct AffiliateTests {
  private static let sister = "enterprises/\(Fixture.otherUSCC)"

  private func judge(_ story: Story, _ name: String, again: Bool = false) async throws -> Huirong_Demand_V1_RuleResult {
    let judged =
      again
      ? try await story.wire.run(
        "ReassessDemand",
        .with {
          $0.requestID = story.key()
          $0.name = name
        }, by: Fixture.operators, story.wire.service.reassessDemand(request:context:))
      : try await story.wire.assess(name, story.key(), by: Fixture.operators)
    return try #require(judged.assessment.rules.first { $0.rule == "split-demands" })
  }

  private func withdraw(_ story: Story, _ name: String) async throws {
    _ = try await story.wire.run(
      "WithdrawDemand",
      .with {
        $0.requestID = story.key()
        $0.name = name
        $0.reason = "并入另一笔"
      }, by: Fixture.operators, story.wire.service.withdrawDemand(request:context:))
  }

  @Test func `a part that was withdrawn since counts no more, one that came since does`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let first = try await story.submit { $0.amount = Wire.cny(600_000_000) }
      let second = try await story.submit { $0.amount = Wire.cny(500_000_000) }
      let hard = try await judge(story, second.name)
      #expect(hard.outcome == .fail && hard.remedies.map(\.field) == ["demand.similar"])
      #expect(try await judge(story, first.name).outcome == .fail)
      try await withdraw(story, first.name)
      #expect(try await judge(story, second.name, again: true).outcome == .notApplicable)
      _ = try await story.submit { $0.amount = Wire.cny(500_000_001) }
      #expect(try await judge(story, second.name, again: true).outcome == .fail)
    }
  }

  @Test func `equal parts and any number of parts are summed, to the fen`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      var last = ""
      for _ in 1...3 { last = try await story.submit { $0.amount = Wire.cny(400_000_000) }.name }
      let equal = try await judge(story, last)
      #expect(equal.outcome == .fail && equal.inputs.first { $0.name == "together" }?.value == "CNY 12000000.00")
      var other = Wire.enterprise
      other.uscc = Fixture.otherUSCC
      _ = try await story.wire.register("other", other)
      for part in 1...7 {
        last = try await story.submit(
          {
            $0.enterprise = Self.sister
            $0.amount = Wire.cny(part < 7 ? 150_000_000 : 100_000_001)
          }, by: Fixture.operators
        ).name
      }
      let seven = try await judge(story, last)
      #expect(seven.outcome == .fail && seven.remedies.count == 6)
      #expect(seven.inputs.first { $0.name == "together" }?.value == "CNY 10000000.01")
    }
  }

  @Test func `as of a day nothing counts that came later, and the window looks both ways`() throws {
    var desk = try Desk(try Fixture.policy())
    try desk.run(.submit(try Fixture.submission(amount: Fixture.yuan(6_000_000))), by: Fixture.firm)
    func outcome(_ day: String, asOf: String) throws -> RuleOutcome? {
      var copy = desk
      copy.otherDemands = [
        EarlierDemand(
          id: Fixture.id(2), enterprise: Fixture.uscc, region: try RegionCode(Fixture.region), isAffiliate: false,
          state: .pushed, instrument: .loan, amount: Fixture.yuan(5_000_000), tenorMonths: 12,
          createdAt: Fixture.noonInShanghai(Fixture.date(day)))
      ]
      let assess = try AssessDemand(demand: Fixture.id(1), asOf: Fixture.date(asOf), reason: "")
      let judged = try copy.run(.assess(assess), by: Fixture.operators)
      return judged.assessment?.rules.first { $0.rule == "split-demands" }?.outcome
    }
    #expect(try outcome("2025-04-02", asOf: "2025-04-02") == .fail)
    #expect(try outcome("2025-04-02", asOf: "2025-04-01") == .notApplicable)
    #expect(try outcome("2025-04-03", asOf: "2025-05-01") == .notApplicable)
    #expect(try outcome("2024-10-04", asOf: "2025-01-02") == .fail)
    #expect(try outcome("2024-10-03", asOf: "2025-01-02") == .notApplicable)
  }

  private func sisters(_ story: Story) async throws -> (own: String, hers: String) {
    var sister = Wire.enterprise
    sister.uscc = Fixture.otherUSCC
    sister.regionCode = "370303"
    _ = try await story.wire.register("sister", sister)
    var firm = Wire.enterprise
    firm.affiliates = [Self.sister]
    _ = try await story.wire.register("firm", firm)
    let hers = try await story.submit(
      {
        $0.enterprise = Self.sister
        $0.amount = Wire.cny(700_000_000)
      }, by: Fixture.operators)
    let own = try await story.submit { $0.amount = Wire.cny(400_000_000) }
    return (own.name, hers.name)
  }

  @Test func `an affiliate's demand counts, and is shown only to those who may view that firm`() async throws {
    try await Story.tell { story in
      let (own, hers) = try await sisters(story)
      let rule = try await judge(story, own)
      #expect(rule.outcome == .fail && rule.remedies.map(\.field) == ["enterprise.affiliates"])
      #expect(rule.inputs.first { $0.name == "together" }?.value == "CNY 11000000.00")
      func view(_ caller: Caller) async throws -> Huirong_Demand_V1_Demand {
        try await story.wire.run(
          "GetDemand", .with { $0.name = own }, by: caller, story.wire.service.getDemand(request:context:))
      }
      for caller in [Fixture.operators, Fixture.regulator] {
        #expect(try await view(caller).similar.map(\.demand) == [hers])
      }
      for caller in [Fixture.firm, Fixture.grid] {
        let seen = try await view(caller)
        let split = try #require(seen.assessment.rules.first { $0.rule == "split-demands" })
        #expect(seen.similar.isEmpty && split.outcome == .fail)
        #expect(!split.inputs.contains { $0.name == "together" } && !split.explanation.contains("11000000"))
      }
      let explored = try await story.wire.run(
        "ExploreDemand", .with { $0.name = own }, by: Fixture.firm, story.wire.service.exploreDemand(request:context:))
      #expect(!explored.assessment.rules.flatMap(\.inputs).contains { $0.name == "together" })
      let events = try await story.wire.watch(by: Fixture.firm).map(\.event)
      #expect(events.allSatisfy { $0.demand.similar.isEmpty })
      #expect(!events.flatMap(\.assessed.rules).flatMap(\.inputs).contains { $0.name == "together" })
    }
  }

  @Test func `affiliates count only where a pack says so, and no firm names its own`() throws {
    var desk = try Desk(try Fixture.policy(["demo-city", "size-classification-2011"]))
    try desk.run(.submit(try Fixture.submission(amount: Fixture.yuan(6_000_000))), by: Fixture.firm)
    desk.otherDemands = [
      EarlierDemand(
        id: Fixture.id(2), enterprise: Fixture.otherUSCC, region: try RegionCode(Fixture.region), isAffiliate: true,
        state: .pushed, instrument: .loan, amount: Fixture.yuan(5_000_000), tenorMonths: 12, createdAt: Fixture.noon)
    ]
    let judged = try desk.run(try Fixture.command(.assess), by: Fixture.operators)
    #expect(judged.assessment?.rules.first { $0.rule == "split-demands" }?.outcome == .notStated)

    var change = UpdateEnterprise.Change()
    change.affiliates = [Fixture.otherUSCC]
    let update = try UpdateEnterprise(id: Fixture.uscc, change: change, revision: nil, reason: "")
    let firm = try Fixture.enterprise(desk.policy)
    for (caller, field) in [(Fixture.firm, "enterprise.affiliates"), (Fixture.grid, nil), (Fixture.regulator, nil)] {
      let error = refusal {
        try update.decide(existing: firm, policy: desk.policy, caller: caller, now: Fixture.noon)
      }
      #expect(error?.field == field && (field == nil || error?.reason == .outOfScope))
    }
    var draft = try Fixture.draft(grade: nil)
    (draft.firstLoan, draft.tags, draft.ties.affiliates) = (false, [], [Fixture.otherUSCC])
    for (role, reason) in [
      (Role.institution, ErrorReason?.some(.outOfScope)), (.adviser, .outOfScope), (.gridWorker, nil),
    ] {
      let error = refusal {
        try Fixture.registration(draft: draft).decide(
          existing: nil, policy: desk.policy, caller: Fixture.caller(role), now: Fixture.noon)
      }
      #expect(error?.reason == reason, "\(role)")
    }
  }

  @Test func `whoever submits for a firm must be one who may view it`() async throws {
    try await Story.tell { story in
      var far = Wire.enterprise
      far.regionCode = "370602"
      _ = try await story.wire.register("far", far)
      for caller in [Fixture.grid, Fixture.bank("bank-a"), Fixture.regulator] {
        let error = await story.wire.refusal {
          try await story.submit({ $0.regionCode = "370302001" }, by: caller)
        }
        #expect(error?.reason == .outOfScope, "\(caller.role)")
      }
      let own = try await story.submit({ $0.regionCode = "370302001" })
      #expect(own.profile.regionCode == "370602")
    }
  }

  @Test func `an institution learns of no other debt of the firm`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let bank = Fixture.bank("bank-a")
      let first = try await story.submit { $0.amount = Wire.cny(300_000_000) }
      _ = try await story.wire.assess(first.name, story.key())
      _ = try await story.push(first.name)
      _ = try await story.wire.claim(first.name, story.key(), by: bank)
      _ = try await story.offer(first.name, 300_000_000, by: bank)
      _ = try await story.sign(first.name, 300_000_000, on: Fixture.today, by: bank)
      let second = try await story.submit { $0.amount = Wire.cny(200_000_000) }
      let judged = try await story.wire.assess(second.name, story.key())
      #expect(judged.assessment.rules.flatMap(\.inputs).contains { $0.name == "standing_contracts" })
      _ = try await story.push(second.name)
      let other = Fixture.bank("bank-b")
      let seen = try await story.wire.run(
        "GetDemand", .with { $0.name = second.name }, by: other, story.wire.service.getDemand(request:context:))
      let told = try await story.wire.watch(by: other)
      for rules in [seen.assessment.rules] + told.map(\.event.assessed.rules) {
        let names = Set(rules.flatMap(\.inputs).map(\.name))
        #expect(names.isDisjoint(with: ["standing_contracts", "firm_total", "together", "similar_demands"]))
        #expect(!rules.contains { $0.explanation.contains("5000000") || $0.explanation.contains(first.name) })
      }
      #expect(seen.similar.isEmpty && !seen.assessment.rules.isEmpty)
    }
  }
}
