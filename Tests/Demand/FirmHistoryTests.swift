import DemandAPI
import DemandDomain
import DemandStore
import Foundation
import GRPCCore
import Kernel
import Protos
import Storage
import SwiftProtobuf
import Testing

/// What is known of a firm, who may say so, and how it came about.
@Suite struct FirmHistoryTests {
  private func update(
    _ story: Story, _ paths: [String], by caller: Caller = Fixture.operators, reason: String = "",
    _ change: (inout Huirong_Demand_V1_Enterprise) -> Void
  ) async throws -> Huirong_Demand_V1_Enterprise {
    let request = Huirong_Demand_V1_UpdateEnterpriseRequest.with {
      $0.requestID = story.key()
      $0.enterprise.name = "enterprises/\(Fixture.uscc)"
      change(&$0.enterprise)
      $0.updateMask.paths = paths
      $0.reason = reason
    }
    return try await story.wire.run(
      "UpdateEnterprise", request, by: caller, story.wire.service.updateEnterprise(request:context:))
  }

  private func history(
    _ story: Story, size: Int32 = 0, token: String = ""
  ) async throws -> Huirong_Demand_V1_GetEnterpriseHistoryResponse {
    try await story.wire.run(
      "GetEnterpriseHistory",
      .with {
        $0.name = "enterprises/\(Fixture.uscc)"
        $0.pageSize = size
        $0.pageToken = token
      }, by: Fixture.grid, story.wire.service.getEnterpriseHistory(request:context:))
  }

  @Test func `each change of a firm is an event that holds it whole, with its reason`() async throws {
    try await Story.tell { story in
      var firm = Wire.enterprise
      firm.affiliates = ["enterprises/\(Fixture.otherUSCC)"]
      let registered = try await story.wire.register("r", firm)
      let moved = try await update(story, ["chain", "park", "consents"], by: Fixture.regulator, reason: "年检") {
        $0.chain = "新材料"
        $0.park = "高新区"
        $0.consents = firm.consents
        $0.consents[0].reference = "授权-1"
        $0.consents[0].revokedOn = Wire.date(2025, 1, 1)
      }
      let log = try await story.wire.watch(by: Fixture.operators)
      #expect(log.map(\.event.enterpriseRegistered.current).first == registered)
      #expect(log.map(\.event.enterpriseUpdated.current).last == moved && log.last?.event.reason == "年检")
      #expect(log.last?.event.enterpriseUpdated.profile.consents.count == 1)

      let first = try await history(story, size: 1)
      #expect(first.entries.map(\.event.enterpriseRegistered.current) == [registered] && !first.nextPageToken.isEmpty)
      let second = try await history(story, size: 1, token: first.nextPageToken)
      #expect(second.entries.map(\.event.enterpriseUpdated.current) == [moved] && second.nextPageToken.isEmpty)
      #expect(try await history(story).entries == first.entries + second.entries)
      let unknown = await story.wire.refusal { try await history(story, token: "x") }
      #expect(unknown?.reason == .invalidPageToken)
    }
  }

  @Test func `an entry that an older release wrote is read as it is`() async throws {
    let payload = """
      {"enterprise":"\(Fixture.uscc)","policy_digest":"d","profile":{"consents":[],"first_loan":true,"industry":"C34",\
      "name":"企业","region":"370302","tags":["专精特新"]},"reason":"","role":"operator","subject":"ops",\
      "time":1735790400000000,"version":1}
      """
    try await TestStore.with { test in
      try await test.store.write { session in
        let event = NewEvent(
          type: "enterprise.registered", subject: "enterprises/\(Fixture.uscc)", actor: "huirong",
          payload: Array(payload.utf8))
        _ = try session.append(event: event, at: Fixture.noon)
      }
      guard case .enterprise(let id, let profile, let whole)? = try await test.log().first?.content else {
        Issue.record("no firm")
        return
      }
      #expect(id == Fixture.uscc && profile.firstLoan && profile.tags == ["专精特新"] && whole == nil)
    }
  }

  @Test func `registrations, batches and files keep their reason`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.run(
        "ImportEnterprises",
        .with {
          $0.requestID = story.key()
          $0.csv = Data("uscc,display_name,region_code,industry_code\n\(Fixture.uscc),企业,370302,C34\n".utf8)
          $0.reason = "市场监管数据"
        }, by: Fixture.operators, story.wire.service.importEnterprises(request:context:))
      #expect(try await history(story).entries.map(\.event.reason) == ["市场监管数据"])
    }
  }

  @Test func `a grade is set by an operator or a service alone, and loses the receipt of the one before`() async throws
  {
    try await Story.tell { story in
      var firm = Wire.enterprise
      firm.gradeReceipt.source = "ratings/r1"
      firm.gradeReceipt.gradedOn = Wire.date(2024, 12, 1)
      let byBureau = await story.wire.refusal { try await story.wire.register("b", firm, by: Fixture.regulator) }
      #expect(byBureau?.reason == .outOfScope && byBureau?.field == "enterprise.platform_grade")
      _ = try await story.wire.register("r", firm)
      let raised = await story.wire.refusal {
        try await update(story, ["platform_grade"], by: Fixture.regulator) { $0.platformGrade = .a }
      }
      #expect(raised?.reason == .outOfScope && raised?.field == "enterprise.platform_grade")
      let alone = await story.wire.refusal {
        try await update(story, ["grade_receipt"]) {
          $0.gradeReceipt.source = "ratings/r2"
          $0.gradeReceipt.gradedOn = Wire.date(2024, 12, 2)
        }
      }
      #expect(alone?.reason == .invalidArgument && alone?.field == "enterprise.grade_receipt")
      #expect(try await update(story, ["platform_grade"]) { $0.platformGrade = .b }.hasGradeReceipt)
      let changed = try await update(story, ["platform_grade"]) { $0.platformGrade = .a }
      #expect(changed.platformGrade == .a && !changed.hasGradeReceipt)
      let both = try await update(story, ["platform_grade", "grade_receipt"]) {
        $0.platformGrade = .c
        $0.gradeReceipt.source = "ratings/r3"
        $0.gradeReceipt.gradedOn = Wire.date(2024, 12, 3)
      }
      #expect(both.gradeReceipt.source == "ratings/r3")
    }
  }

  @Test func `whoever enters a first-loan firm has the report that shows it`() async throws {
    try await Story.tell { story in
      var firm = Wire.enterprise
      (firm.platformGrade, firm.firstLoan) = (.unspecified, true)
      let bare = await story.wire.refusal { try await story.wire.register("g", firm, by: Fixture.grid) }
      #expect(bare?.reason == .evidenceMissing && bare?.field == "enterprise.first_loan_evidence")
      firm.firstLoanEvidence.evidence = Story.evidence("credit-report")
      firm.firstLoanEvidence.reportedOn = Wire.date(2025, 1, 3)
      let early = await story.wire.refusal { try await story.wire.register("h", firm, by: Fixture.grid) }
      #expect(early?.reason == .invalidDate && early?.field == "enterprise.first_loan_evidence.reported_on")
      firm.firstLoanEvidence.reportedOn = Wire.date(2025, 1, 2)
      let entered = try await story.wire.register("i", firm, by: Fixture.grid)
      #expect(entered.firstLoan)
    }
  }

  private func firm(_ story: Story) async throws -> Huirong_Demand_V1_Enterprise {
    try await story.wire.run(
      "GetEnterprise", .with { $0.name = "enterprises/\(Fixture.uscc)" }, by: Fixture.operators,
      story.wire.service.getEnterprise(request:context:))
  }

  private func offered(
    _ story: Story, _ instrument: Huirong_Common_V1_Instrument = .loan, by bank: Caller
  ) async throws -> String {
    let demand = try await story.submit {
      $0.amount = Wire.cny(100_000_000)
      $0.instrument = instrument
    }
    _ = try await story.wire.assess(demand.name, story.key())
    _ = try await story.push(demand.name)
    _ = try await story.wire.claim(demand.name, story.key(), by: bank)
    _ = try await story.offer(demand.name, 100_000_000, by: bank)
    return demand.name
  }

  @Test func `the first contract ends the first-loan firm, and a contract given up makes it one again`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let bank = Fixture.bank("bank-a")
      let insured = try await offered(story, .insurance, by: bank)
      #expect(try await story.sign(insured, 100_000_000, on: Fixture.today, by: bank).contract.firstLoan == false)
      #expect(try await firm(story).firstLoan)
      let name = try await offered(story, by: bank)
      let signed = try await story.sign(name, 100_000_000, on: Fixture.today, by: bank)
      #expect(signed.contract.firstLoan)
      #expect(try await firm(story).firstLoan == false)
      #expect(try await history(story).entries.last?.event.reason == name)
      _ = try await story.decline(name, "企业放弃", by: bank)
      #expect(try await firm(story).firstLoan)

      let again = try await offered(story, by: bank)
      #expect(try await story.sign(again, 100_000_000, on: Fixture.today, by: bank).contract.firstLoan)
      let second = try await offered(story, by: Fixture.bank("bank-b"))
      let later = try await story.sign(second, 100_000_000, on: Fixture.today, by: Fixture.bank("bank-b"))
      #expect(!later.contract.firstLoan)
      let figures = try await story.wire.run(
        "ReportFigures",
        .with {
          $0.regionPrefix = "3703"
          $0.dimension = .institution
        }, by: Fixture.regulator, story.wire.service.reportFigures(request:context:))
      let rows = figures.rows.filter { !$0.key.isEmpty }
      #expect(rows.map(\.firstLoans) == [1, 0] && figures.total.firstLoans == 1)
    }
  }

  @Test func `a firm that was merged is left out of lists, and its contracts count with the one that stays`()
    async throws
  {
    try await Story.tell { story in
      _ = try await story.wire.register()
      var twin = Wire.enterprise
      twin.uscc = Fixture.otherUSCC
      _ = try await story.wire.register("twin", twin)
      let bank = Fixture.bank("bank-a")
      let theirs = try await story.submit(
        {
          $0.enterprise = "enterprises/\(Fixture.otherUSCC)"
          $0.amount = Wire.cny(900_000_000)
        }, by: Fixture.operators)
      _ = try await story.wire.assess(theirs.name, story.key())
      _ = try await story.push(theirs.name, to: ["bank-a"])
      func merge() async throws -> Huirong_Demand_V1_Enterprise {
        try await story.wire.run(
          "MergeEnterprises",
          .with {
            $0.requestID = story.key()
            $0.name = "enterprises/\(Fixture.otherUSCC)"
            $0.into = "enterprises/\(Fixture.uscc)"
            $0.reason = "同一企业"
          }, by: Fixture.regulator, story.wire.service.mergeEnterprises(request:context:))
      }
      #expect(try await story.decline(theirs.name, "额度", by: bank).state == .declined)
      #expect(await story.wire.refusal { try await merge() }?.metadata["open_demands"] == "1")
      _ = try await story.push(theirs.name, to: ["bank-c"], reason: "再看")
      let other = Fixture.bank("bank-c")
      _ = try await story.wire.claim(theirs.name, story.key(), by: other)
      _ = try await story.offer(theirs.name, 900_000_000, by: other)
      _ = try await story.sign(theirs.name, 900_000_000, on: Fixture.today, by: other)
      _ = try await story.pay(theirs.name, 900_000_000, on: Fixture.today, by: other)
      _ = try await story.close(theirs.name, by: Fixture.grid)
      _ = try await merge()

      let listed = try await story.wire.run(
        "ListEnterprises", .with { _ in }, by: Fixture.regulator, story.wire.service.listEnterprises(request:context:))
      #expect(listed.enterprises.map(\.uscc) == [Fixture.uscc])
      let own = try await story.submit { $0.amount = Wire.cny(200_000_000) }
      #expect(own.similar.map(\.demand) == [theirs.name])
      let judged = try await story.wire.assess(own.name, story.key())
      let total = judged.assessment.rules.first { $0.rule == "firm-amount" }?.inputs.first { $0.name == "firm_total" }
      #expect(total?.value == "CNY 11000000.00")
    }
  }

  @Test func `firms of one name in one city are suggested, page by page`() async throws {
    try await Story.tell { story in
      for (number, (name, region)) in [
        ("甲", "370302"), ("乙", "370302"), ("乙", "370303"), ("丙", "370303"), ("丙", "370303"), ("甲", "370602"),
      ].enumerated() {
        var firm = Wire.enterprise
        (firm.uscc, firm.displayName, firm.regionCode) = (try Fixture.firm(number: number).organisation, name, region)
        _ = try await story.wire.register("r\(number)", firm)
      }
      func list(
        _ prefix: String, size: Int32 = 0, token: String = ""
      ) async throws -> Huirong_Demand_V1_ListDuplicateEnterprisesResponse {
        try await story.wire.run(
          "ListDuplicateEnterprises",
          .with {
            $0.regionPrefix = prefix
            $0.pageSize = size
            $0.pageToken = token
          }, by: Fixture.operators, story.wire.service.listDuplicateEnterprises(request:context:))
      }
      let all = try await list("").duplicates
      #expect(all.map(\.displayName) == ["丙", "乙"] && all.map(\.regionPrefix) == ["370303", "3703"])
      #expect(all.map(\.enterprises.count) == [2, 2])
      #expect(try await list("370303").duplicates.map(\.displayName) == ["丙"])
      let first = try await list("3703", size: 1)
      let second = try await list("3703", size: 1, token: first.nextPageToken)
      #expect((first.duplicates + second.duplicates) == all && second.nextPageToken.isEmpty)
    }
  }

  @Test func `an empty line keeps its place and a size names its column`() async throws {
    try await Story.tell { story in
      let report = try await story.wire.run(
        "ImportEnterprises",
        .with {
          $0.requestID = story.key()
          $0.csv = Data(
            """
            uscc,display_name,region_code,industry_code,size_sector,size_staff
            \(Fixture.uscc),甲,370302,C34,industry,30

            \(Fixture.otherUSCC),乙,370302,C34,industry,-3


            """.utf8)
        }, by: Fixture.operators, story.wire.service.importEnterprises(request:context:))
      #expect(report.rows.map(\.index) == [0, 1, 2] && report.registered == 1)
      #expect(report.rows.map(\.error.field) == ["", "csv[1]", "csv[2].size_staff"])
    }
  }
}
