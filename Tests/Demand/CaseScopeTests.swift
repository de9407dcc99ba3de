import DemandAPI
import DemandDomain
import Kernel
import Protos
import Storage
import SwiftProtobuf
import Testing

/// Who may know of a case, and what a case may be tied to.
@Suite struct CaseScopeTests {
  private static let everyone = Set(Role.allCases)
  private static let bureaus: Set<Role> = [.regulator, .operator, .service]

  /// Kinds that not everybody in their place may see, written out once more.
  private static let confined: [CaseKind: Set<Role>] = [
    .visit: bureaus.union([.gridWorker]), .complaint: bureaus, .publicLead: bureaus,
    .riskEntry: bureaus.union([.institution]), .diligenceFile: bureaus.union([.enterprise, .institution]),
    .meetingDecision: bureaus.union([.gridWorker, .institution, .analyst]),
    .renewal: bureaus.union([.enterprise, .gridWorker, .institution]),
    .report: everyone.subtracting([.enterprise, .institution]),
  ]

  private static func matter(_ kind: CaseKind, openedBy: String = "somebody") throws -> Case {
    Case(
      id: Fixture.id(1), kind: kind, state: CaseTable.rule(kind).first, region: try RegionCode(Fixture.region),
      title: "t", enterprise: Fixture.uscc, organisation: "bank-a", demand: "", parent: "", fields: [:], dueOn: nil,
      steps: [], openedBy: openedBy, clientID: "", createdAt: Fixture.noon, updatedAt: Fixture.noon, revision: 1)
  }

  @Test(arguments: CaseKind.allCases)
  func `of those it names only the roles of its table see a case, and whoever opened it`(_ kind: CaseKind) throws {
    for role in Role.allCases {
      let caller = Fixture.caller(role)
      let expected = (Self.confined[kind] ?? Self.everyone).contains(role)
      #expect(CaseScope.sees(try Self.matter(kind), caller) == expected, "\(kind) \(role)")
      #expect(CaseScope.sees(try Self.matter(kind, openedBy: caller.organisation), caller), "\(kind) \(role)")
    }
  }

  /// Opens a case about matters of the village 370302001001 as somebody of elsewhere.
  private func refusal(
    _ story: Story, _ kind: Huirong_Demand_V1_CaseKind, _ fields: [String: String], by caller: Caller,
    _ change: @escaping (inout Huirong_Demand_V1_Case) -> Void
  ) async -> DomainError? {
    await story.wire.refusal { try await story.open(kind, fields, by: caller, change) }
  }

  @Test func `a case is tied only to what its opener may know of, and others learn nothing`() async throws {
    try await Story.tell { story in
      let demand = try await story.pushed(to: ["bank-a"])
      let firm = "enterprises/\(Fixture.uscc)"
      let visit = ["visited_on": "2025-01-02", "result": "need", "channel": "grid"]
      let village = Caller(organisation: "v2", role: .gridWorker, regionPrefix: "370302002", subject: "x")
      let neighbour = await refusal(story, .visit, visit, by: village) {
        $0.regionCode = "370302002"
        $0.enterprise = firm
      }
      let nobody = await refusal(story, .visit, visit, by: village) {
        $0.regionCode = "370302002"
        $0.enterprise = "enterprises/\(Fixture.otherUSCC)"
      }
      #expect(neighbour?.reason == .resourceNotFound && neighbour?.field == "matter.enterprise")
      #expect(nobody?.reason == neighbour?.reason && nobody?.field == neighbour?.field)

      let stranger = await refusal(
        story, .collateralTask, ["collateral": "厂房", "registry": "不动产"], by: Fixture.bank("bank-b")
      ) {
        $0.demand = demand.name
        $0.organisation = "bank-b"
      }
      #expect(stranger?.reason == .resourceNotFound && stranger?.field == "matter.demand")
      let early = await refusal(
        story, .collateralTask, ["collateral": "厂房", "registry": "不动产"], by: Fixture.bank("bank-a")
      ) {
        $0.demand = demand.name
        $0.organisation = "bank-a"
      }
      #expect(early?.reason == .outOfScope)
      _ = try await story.wire.claim(demand.name, by: Fixture.bank("bank-a"))
      let task = try await story.open(
        .collateralTask, ["collateral": "厂房", "registry": "不动产"], by: Fixture.bank("bank-a")
      ) {
        $0.demand = demand.name
        $0.organisation = "bank-a"
      }
      #expect(task.state == "requested")

      let risk = await refusal(
        story, .riskEntry, ["risk": "overdue"], by: Fixture.bank("bank-yt", region: "3706")
      ) {
        $0.regionCode = "370602"
        $0.enterprise = firm
      }
      #expect(risk?.reason == .resourceNotFound && risk?.field == "matter.enterprise")
    }
  }

  @Test func `an adviser pairs, answers and asks leave only for itself`() async throws {
    try await Story.tell { story in
      let bureau = Caller(organisation: "bureau-63", role: .regulator, regionPrefix: "63", subject: "ma")
      var firm = Wire.enterprise
      firm.regionCode = "630102"
      _ = try await story.wire.register("r", firm)
      func adviser(_ person: String, _ account: String) async throws -> String {
        let name = try await story.open(
          .adviser, ["person": person, "speciality": "x", "account": account], by: bureau
        ) {
          $0.regionCode = "630102"
          $0.organisation = "bank-\(account)"
        }.name
        _ = try await story.act(name, "pass", reason: "x", by: bureau)
        return try await story.act(name, "appoint", ["appointed_on": "2025-01-02"], by: bureau).name
      }
      let his = try await adviser("何工", "he")
      let mine = Caller(organisation: "he", role: .adviser, regionPrefix: "63", subject: "he")
      let other = Caller(organisation: "li", role: .adviser, regionPrefix: "63", subject: "li")
      func pair(by caller: Caller) async throws -> Huirong_Demand_V1_Case {
        try await story.open(.pairing, [:], by: caller) {
          $0.regionCode = "630102"
          $0.enterprise = "enterprises/\(Fixture.uscc)"
          $0.parent = his
        }
      }
      let pairing = try await pair(by: mine)
      #expect(pairing.organisation == "bank-he")
      _ = try await story.act(pairing.name, "file_agreement", evidence: true, by: bureau)
      let leave = await story.wire.refusal { try await story.act(pairing.name, "ask_leave", reason: "x", by: other) }
      #expect(leave?.reason == .outOfScope)

      let question = try await story.open(.question, ["text": "如何取得首贷"], by: Fixture.firm) {
        $0.regionCode = "630102"
        $0.enterprise = "enterprises/\(Fixture.uscc)"
      }
      #expect(question.parent == pairing.name && question.state == "adviser")
      let foreign = await story.wire.refusal { try await story.act(question.name, "answer", reason: "x", by: other) }
      #expect(foreign?.reason == .outOfScope)
      #expect(try await story.act(question.name, "answer", reason: "可以", by: mine).state == "answered")
    }
  }

  @Test func `a question of a firm without an adviser goes to the bureau`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let question = try await story.open(.question, ["text": "如何取得首贷"], by: Fixture.firm) {
        $0.enterprise = "enterprises/\(Fixture.uscc)"
      }
      #expect(question.state == "bureau" && question.parent.isEmpty)
    }
  }

  @Test func `lists show each caller what it may see, page by page, whatever they are narrowed by`() async throws {
    try await Story.tell { story in
      let firm = try await story.wire.register().name
      func visit(_ region: String, by caller: Caller) async throws {
        _ = try await story.open(
          .visit, ["visited_on": "2025-01-02", "result": "need", "channel": "grid"], by: caller
        ) {
          $0.regionCode = region
          $0.enterprise = firm
        }
      }
      for _ in 1...60 { try await visit("370302001", by: Fixture.grid) }
      _ = try await story.open(.riskEntry, ["risk": "overdue"], by: Fixture.regulator) {
        $0.enterprise = firm
        $0.organisation = "bank-a"
      }
      _ = try await story.open(.notice, ["subject": "policy", "text": "x"], by: Fixture.regulator) {
        $0.regionCode = "370300"
      }
      let filters = ["", "enterprise = \"\(firm)\"", "organisation = \"bank-a\"", "kind = VISIT", "kind = RISK_ENTRY"]
      func counts(_ caller: Caller) async throws -> [Int] {
        var counts: [Int] = []
        for filter in filters {
          var (token, count) = ("", 0)
          repeat {
            let from = token
            let page = try await story.wire.run(
              "ListCases",
              .with {
                $0.filter = filter
                $0.pageSize = 7
                $0.pageToken = from
                $0.orderBy = "create_time desc"
              }, by: caller, story.wire.outreach.listCases(request:context:), of: "OutreachService")
            count += page.cases.count
            token = page.nextPageToken
          } while !token.isEmpty
          counts.append(count)
        }
        return counts
      }
      #expect(try await counts(Fixture.regulator) == [62, 61, 1, 60, 1])
      #expect(try await counts(Fixture.operators) == [62, 61, 1, 60, 1])
      #expect(try await counts(Fixture.grid) == [61, 60, 0, 60, 0])
      #expect(try await counts(Fixture.firm) == [0, 0, 0, 0, 0])
      #expect(try await counts(Fixture.bank("bank-a")) == [2, 1, 1, 0, 1])
      #expect(try await counts(Fixture.bank("bank-b")) == [1, 0, 0, 0, 0])
      #expect(try await counts(Fixture.adviser) == [1, 0, 0, 0, 0])
      let village = Caller(organisation: "v", role: .gridWorker, regionPrefix: "370302002", subject: "x")
      #expect(try await counts(village) == [1, 0, 0, 0, 0])
    }
  }

  @Test func `a list reads an index range and never the whole table`() async throws {
    try await Story.tell { story in
      let plans = try await story.wire.test.store.read { session in
        try [
          "SELECT number FROM cases WHERE substr(region_code, 1, 6) = '370302' AND number > 5 ORDER BY number LIMIT 5",
          """
          SELECT number FROM cases WHERE substr(region_code, 1, 4) = '3703' AND kind = 'visit' AND number > 5
          ORDER BY number LIMIT 5
          """,
          "SELECT number FROM cases WHERE opened_by = 'x' AND number > 5 ORDER BY number LIMIT 5",
          "SELECT number FROM cases WHERE enterprise = 'x' AND number > 5 ORDER BY number LIMIT 5",
          """
          SELECT number FROM cases WHERE kind = 'notice' AND region_reach = '37' AND number > 5 ORDER BY number LIMIT 5
          """,
        ].map { sql in
          try session.query("EXPLAIN QUERY PLAN \(sql)", []) { try $0.text(3) }.joined(separator: "; ")
        }
      }
      for plan in plans { #expect(plan.contains("INDEX") && !plan.contains("TEMP B-TREE"), "\(plan)") }
    }
  }

  @Test func `a withdrawn notice is no news any more`() async throws {
    try await Story.tell { story in
      let notice = try await story.open(.notice, ["subject": "policy", "text": "x"], by: Fixture.regulator) {
        $0.regionCode = "370300"
      }
      #expect(try await story.cases("kind = NOTICE", by: Fixture.grid).count == 1)
      _ = try await story.act(notice.name, "withdraw", reason: "过期", by: Fixture.regulator)
      #expect(try await story.cases("kind = NOTICE", by: Fixture.grid).isEmpty)
      #expect(try await story.cases("kind = NOTICE AND state = \"withdrawn\"", by: Fixture.grid).count == 1)
    }
  }
}
