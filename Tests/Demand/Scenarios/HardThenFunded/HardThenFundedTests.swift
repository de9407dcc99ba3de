import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct HardThenFundedTests {
  private let town = Caller(organisation: "grid-370302001", role: .gridWorker, regionPrefix: "370302001", subject: "li")

  @Test func `a hard demand is explained, improved and funded`() async throws {
    try await Story.tell { story in
      var weak = Wire.enterprise
      weak.platformGrade = .d
      _ = try await story.wire.register("r", weak)
      let demand = try await story.submit(by: town)
      let hard = try await story.wire.assess(demand.name, by: town)
      #expect(hard.state == .hard && hard.assessment.verdict == .hard)
      let rule = try #require(hard.assessment.rules.first { $0.outcome == .fail })
      #expect(!rule.inputs.isEmpty && !rule.citations.isEmpty && !rule.remedies.isEmpty)

      let options = try await story.wire.run(
        "ExploreDemand", .with { $0.name = demand.name }, by: town, story.wire.service.exploreDemand(request:context:))
      #expect(options.matchingProducts == 0 && options.assessment.verdict == .hard)
      #expect(options.improvements.first?.moreProducts == 3)
      let grade = try #require(options.improvements.first { $0.change == "platform_grade:B" })
      #expect(grade.verdict == .feasible && grade.moreProducts == 2)

      try await plan(demand.name, rule.rule, story)
      try await lift(demand.name, story)
      try await fund(demand.name, story)
      try await lookBack(demand.name, story)
    }
  }

  private func plan(_ name: String, _ rule: String, _ story: Story) async throws {
    func request(_ rule: String) -> Huirong_Demand_V1_PlanImprovementRequest {
      .with {
        $0.requestID = story.key()
        $0.name = name
        $0.plan.steps = [
          .with {
            $0.rule = rule
            $0.text = "补报纳税与社保信息，提升平台评级"
          }
        ]
        $0.plan.reviewOn = Wire.date(2025, 3, 3)
      }
    }
    let idle = await story.wire.refusal {
      try await story.wire.run(
        "PlanImprovement", request("moon-phase"), by: town, story.wire.service.planImprovement(request:context:))
    }
    #expect(idle?.reason == .invalidArgument && idle?.field == "plan.steps[0].rule")
    let planned = try await story.wire.run(
      "PlanImprovement", request(rule), by: town, story.wire.service.planImprovement(request:context:))
    #expect(planned.improvementPlan.actor == town.organisation && planned.state == .hard)
  }

  private func lift(_ name: String, _ story: Story) async throws {
    let lifted = try await story.wire.run(
      "EscalateDemand",
      .with {
        $0.requestID = story.key()
        $0.name = name
        $0.reason = "需县级协调"
      }, by: town, story.wire.service.escalateDemand(request:context:))
    #expect(lifted.level == .county && lifted.escalations.map(\.reason) == ["需县级协调"])
    let low = await story.wire.refusal { try await self.reassess(name, by: self.town, story) }
    #expect(low?.reason == .outOfScope && low?.metadata["level"] == "county")
  }

  private func reassess(_ name: String, by caller: Caller, _ story: Story) async throws -> Huirong_Demand_V1_Demand {
    try await story.wire.run(
      "ReassessDemand",
      .with {
        $0.requestID = story.key()
        $0.name = name
        $0.reason = "评级已提升"
      }, by: caller, story.wire.service.reassessDemand(request:context:))
  }

  private func fund(_ name: String, _ story: Story) async throws {
    story.wire.time.move(to: "2025-02-28")
    _ = try await story.wire.run(
      "UpdateEnterprise",
      .with {
        $0.requestID = story.key()
        $0.enterprise.name = "enterprises/\(Fixture.uscc)"
        $0.enterprise.platformGrade = .b
        $0.updateMask.paths = ["platform_grade"]
      }, by: Fixture.operators, story.wire.service.updateEnterprise(request:context:))
    let judged = try await reassess(name, by: Fixture.grid, story)
    #expect(judged.state == .assessed && judged.assessment.number == 2)
    let bank = Fixture.bank("bank-a")
    _ = try await story.push(name, to: ["bank-a"])
    _ = try await story.wire.claim(name, by: bank)
    _ = try await story.offer(name, 150_000_000, by: bank)
    let day = Fixture.date("2025-02-28")
    _ = try await story.sign(name, 150_000_000, on: day, by: bank)
    let paid = try await story.pay(name, 150_000_000, on: day, by: bank)
    #expect(paid.disbursedSatisfaction.ppm == 750_000)
  }

  private func lookBack(_ name: String, _ story: Story) async throws {
    let then = try await story.wire.run(
      "GetDemand",
      .with {
        $0.name = name
        $0.asOfTime = Google_Protobuf_Timestamp.with { $0.seconds = 1_738_368_000 }  // 2025-02-01
      }, by: Fixture.grid, story.wire.service.getDemand(request:context:))
    #expect(then.state == .hard && !then.hasContact && !then.assessment.rules.isEmpty)
    let early = try await story.wire.run(
      "GetDemand",
      .with {
        $0.name = name
        $0.asOfSequence = 2
      }, by: Fixture.grid, story.wire.service.getDemand(request:context:))
    #expect(early.state == .submitted)
  }
}
