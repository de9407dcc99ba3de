import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

/// First-loan targets and renewals of firms on the white list.
@Suite struct PlanTests {
  private let bureau = Fixture.regulator

  private func target(
    _ story: Story, _ region: String, _ from: String, _ to: String, _ firms: String, by caller: Caller
  ) async throws -> Huirong_Demand_V1_Case {
    try await story.open(.firstLoanTarget, ["from": from, "to": to, "firms": firms], by: caller) {
      $0.regionCode = region
    }
  }

  private func progress(
    _ story: Story, _ prefix: String, on day: String, by caller: Caller
  ) async throws -> [Huirong_Demand_V1_TargetProgress] {
    try await story.wire.run(
      "ReportTargets",
      .with {
        $0.regionPrefix = prefix
        $0.asOf = Story.date(Fixture.date(day))
      }, by: caller, story.wire.outreach.reportTargets(request:context:), of: "OutreachService"
    ).targets
  }

  /// A demand of the n-th firm with a contract signed on a day.
  private func sign(_ story: Story, firm number: Int, firstLoan: Bool = true, on day: String) async throws {
    var firm = Wire.enterprise
    firm.uscc = try Fixture.firm(number: number).organisation
    firm.firstLoan = firstLoan
    _ = try? await story.wire.register("firm-\(number)", firm)
    let demand = try await story.submit({ $0.enterprise = "enterprises/\(firm.uscc)" }, by: Fixture.operators)
    _ = try await story.wire.assess(demand.name, story.key())
    _ = try await story.push(demand.name)
    let bank = Fixture.bank("bank-a")
    _ = try await story.wire.claim(demand.name, story.key(), by: bank)
    _ = try await story.offer(demand.name, 100_000_000, by: bank)
    _ = try await story.sign(demand.name, 100_000_000, on: Fixture.date(day), by: bank)
  }

  @Test func `a target is reached by first-loan firms that signed in its place and period, each once`() async throws {
    try await Story.tell { story in
      let county = try await target(story, "370302", "2025-01-02", "2025-01-31", "4", by: bureau)
      _ = try await target(story, "370300", "2024-01-01", "2024-12-31", "1", by: bureau)
      _ = try await target(story, "370303", "2025-01-01", "2025-12-31", "1", by: bureau)
      try await sign(story, firm: 1, on: "2025-01-02")
      try await sign(story, firm: 1, on: "2025-01-02")
      try await sign(story, firm: 2, on: "2024-12-31")
      try await sign(story, firm: 3, firstLoan: false, on: "2025-01-02")
      let all = try await progress(story, "3703", on: "2025-01-02", by: bureau)
      #expect(all.map(\.reached) == [1, 1, 0])
      #expect(all.map(\.progress.ppm) == [250_000, 1_000_000, 0])
      #expect(all[0].matter.openedBy == "bureau-3703" && all[0].matter.name == county.name)
      #expect(try await progress(story, "370302", on: "2025-01-01", by: bureau).map(\.reached) == [0])

      let amended = try await story.act(county.name, "amend", ["firms": "1"], reason: "市里调整", by: bureau)
      #expect(amended.steps.last?.reason == "市里调整")
      #expect(try await progress(story, "370302", on: "2025-01-31", by: bureau).first?.progress.ppm == 1_000_000)
      _ = try await story.act(county.name, "withdraw", reason: "并入市级目标", by: bureau)
      #expect(try await progress(story, "370302", on: "2025-01-31", by: bureau).isEmpty)
    }
  }

  @Test func `a target of a chain or a channel counts only what came that way, and is written out`() async throws {
    try await Story.tell { story in
      func narrowed(_ fields: [String: String]) async throws {
        let year = ["from": "2025-01-01", "to": "2025-12-31", "firms": "2"].merging(fields) { $1 }
        _ = try await story.open(.firstLoanTarget, year, by: bureau) { $0.regionCode = "370302" }
      }
      for fields in [[:], ["channel": "online"], ["channel": "grid"], ["chain": "新材料"]] { try await narrowed(fields) }
      let twice = await story.wire.refusal { try await narrowed(["channel": "grid"]) }
      #expect(twice?.reason == .resourceExists)
      try await sign(story, firm: 1, on: "2025-01-02")
      let report = try await story.wire.run(
        "ReportTargets",
        .with {
          $0.regionPrefix = "370302"
          $0.asOf = Wire.date(2025, 1, 2)
          $0.format = .csv
        }, by: bureau, story.wire.outreach.reportTargets(request:context:), of: "OutreachService")
      #expect(report.targets.map(\.reached) == [1, 1, 0, 0])
      let lines = String(decoding: report.content, as: UTF8.self).split(separator: "\r\n")
      #expect(lines.count == 5 && lines[0] == "target,region,from,to,chain,channel,firms,reached,progress_ppm")
      #expect(lines[2].hasSuffix(",370302,2025-01-01,2025-12-31,,online,2,1,500000"))
    }
  }

  @Test func `a place has one target for a period, of at most a year and at least one firm`() async throws {
    try await Story.tell { story in
      func refused(_ from: String, _ to: String, _ firms: String = "1", by caller: Caller? = nil) async -> DomainError?
      {
        await story.wire.refusal {
          try await self.target(story, "370302", from, to, firms, by: caller ?? self.bureau)
        }
      }
      #expect(await refused("2025-01-01", "2025-12-31") == nil)
      #expect(await refused("2025-01-01", "2025-12-31")?.reason == .resourceExists)
      #expect(await refused("2025-01-01", "2025-06-30") == nil)
      #expect(await refused("2026-01-02", "2026-01-01")?.field == "matter.fields.to")
      #expect(await refused("2026-01-01", "2027-01-02") == nil)
      #expect(await refused("2026-01-01", "2027-01-03")?.reason == .invalidDate)
      #expect(await refused("2027-01-01", "2027-02-01", "0")?.field == "matter.fields.firms")
      #expect(await refused("2027-01-01", "2027-02-01", by: Fixture.grid)?.reason == .roleNotAllowed)
    }
  }

  @Test func `a renewal of a firm on the white list is decided within three days and signed before maturity`()
    async throws
  {
    try await Story.tell(packs: ["yantai-2023-8", "renewal-2024-13"]) { story in
      let bureau = Caller(organisation: "bureau-3706", role: .regulator, regionPrefix: "3706", subject: "sun")
      let bank = Fixture.bank("bank-yt", region: "3706")
      var firm = Wire.enterprise
      firm.regionCode = "370602001"
      _ = try await story.wire.register("r", firm)
      func apply(_ loan: String = "L-1") async throws -> Huirong_Demand_V1_Case {
        try await story.open(.renewal, ["loan": loan, "matures_on": "2025-01-10"], by: Fixture.firm) {
          $0.regionCode = "370602001"
          $0.enterprise = "enterprises/\(Fixture.uscc)"
          $0.organisation = "bank-yt"
        }
      }
      #expect(await story.wire.refusal { try await apply() }?.reason == .policyConditionFailed)
      _ = try await story.open(.whiteListEntry, ["list": "renewal"], by: bureau) {
        $0.regionCode = "370602001"
        $0.enterprise = "enterprises/\(Fixture.uscc)"
      }
      let renewal = try await apply()
      #expect(renewal.dueOn == Wire.date(2025, 1, 5))
      #expect(await story.wire.refusal { try await apply() }?.reason == .resourceExists)
      #expect(try await apply("L-2").dueOn == Wire.date(2025, 1, 5))

      // Overdue counts from the fourth day on.
      func overdue(_ day: Int32) async throws -> Int64 {
        try await story.wire.run(
          "ReportCases",
          .with {
            $0.regionPrefix = "3706"
            $0.fromDate = Wire.date(2025, 1, 1)
            $0.toDate = Wire.date(2025, 1, 31)
            $0.asOf = Wire.date(2025, 1, day)
          }, by: bureau, story.wire.outreach.reportCases(request:context:), of: "OutreachService"
        ).counts.filter { $0.kind == .renewal }.reduce(0) { $0 + $1.overdue }
      }
      #expect(try await overdue(5) == 0)
      #expect(try await overdue(6) == 2)

      let other = Fixture.bank("bank-b", region: "3706")
      #expect(
        await story.wire.refusal { try await story.act(renewal.name, "approve", evidence: true, by: other) }?.reason
          == .outOfScope)
      let approved = try await story.act(renewal.name, "approve", evidence: true, by: bank)
      #expect(approved.state == "approved" && !approved.hasDueOn)
      #expect(try await overdue(6) == 1)
      let late = await story.wire.refusal {
        try await story.act(renewal.name, "sign", ["signed_on": "2025-01-10"], evidence: true, by: bank)
      }
      #expect(late?.reason == .policyConditionFailed && late?.field == "fields.signed_on")
      let signed = try await story.act(renewal.name, "sign", ["signed_on": "2025-01-09"], evidence: true, by: bank)
      #expect(signed.state == "renewed")
    }
  }

  @Test func `where no pack states the deadline of a renewal, none is guessed`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      let error = await story.wire.refusal {
        try await story.open(.renewal, ["loan": "L-1", "matures_on": "2025-01-10"], by: Fixture.firm) {
          $0.enterprise = "enterprises/\(Fixture.uscc)"
          $0.organisation = "bank-a"
        }
      }
      #expect(error?.reason == .policyNotStated)
    }
  }
}
