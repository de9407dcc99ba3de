import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

/// Batches of devices that were offline.
@Suite struct SyncTests {
  private func sync(
    _ story: Story, by caller: Caller = Fixture.grid, visits: [Huirong_Demand_V1_Case] = [],
    demands: [Huirong_Demand_V1_FieldDemand] = [], enterprises: [Huirong_Demand_V1_FieldEnterprise] = []
  ) async throws -> Huirong_Demand_V1_SyncVisitsResponse {
    var request = Huirong_Demand_V1_SyncVisitsRequest()
    request.requestID = story.key()
    request.visits = visits
    request.demands = demands
    request.enterprises = enterprises
    return try await story.wire.run(
      "SyncVisits", request, by: caller, story.wire.outreach.syncVisits(request:context:), of: "OutreachService")
  }

  private static func field(
    _ enterprise: Huirong_Demand_V1_Enterprise, _ id: String
  ) -> Huirong_Demand_V1_FieldEnterprise {
    .with {
      $0.clientID = id
      $0.enterprise = enterprise
    }
  }

  private static func field(_ demand: Huirong_Demand_V1_Demand, _ id: String) -> Huirong_Demand_V1_FieldDemand {
    .with {
      $0.clientID = id
      $0.demand = demand
    }
  }

  private func visit(_ id: String, result: String = "need", firm: String = Fixture.uscc) -> Huirong_Demand_V1_Case {
    Story.matter(.visit, ["visited_on": "2025-01-02", "result": result, "channel": "grid"]) {
      $0.enterprise = "enterprises/\(firm)"
      $0.clientID = id
    }
  }

  @Test func `a firm, its demand and the visit come in one batch, and come back known`() async throws {
    try await Story.tell { story in
      var firm = Wire.enterprise
      firm.platformGrade = .unspecified
      firm.firstLoan = false
      var demand = Wire.demand
      demand.channel = .grid
      let firms = [Self.field(firm, "firm-1")]
      let demands = [Self.field(demand, "demand-1")]
      let first = try await sync(story, visits: [visit("visit-1")], demands: demands, enterprises: firms)
      #expect(first.stored == 3 && first.refused == 0, "\(first)")
      #expect(first.enterprises.map(\.name) == ["enterprises/\(Fixture.uscc)"])
      #expect(first.demands.allSatisfy { $0.name.hasPrefix("demands/") } && first.demands.count == 1)
      let second = try await sync(story, visits: [visit("visit-1")], demands: demands, enterprises: firms)
      #expect(second.known == 3 && second.stored == 0)
      #expect(second.demands.map(\.name) == first.demands.map(\.name))
      #expect(second.visits.map(\.name) == first.visits.map(\.name))
      #expect(try await story.wire.list("", by: Fixture.grid).demands.count == 1)
    }
  }

  @Test func `other content under a known client_id is refused by name and nothing is lost unseen`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      #expect(try await sync(story, visits: [visit("a")]).stored == 1)
      let changed = try await sync(story, visits: [visit("a", result: "no_need"), visit("b")])
      #expect(changed.refused == 1 && changed.stored == 1, "\(changed)")
      #expect(changed.visits[0].reason == ErrorReason.resourceExists.rawValue)
      #expect(changed.visits[0].field == "visits[0].client_id" && changed.visits[0].clientID == "a")
      let demand = try await sync(story, demands: [Self.field(Wire.demand, "a")])
      #expect(demand.demands.map(\.field) == ["demands[0].client_id"])
      // Another organisation's devices count for themselves.
      let other = Caller(organisation: "grid-b", role: .gridWorker, regionPrefix: "370302", subject: "x")
      #expect(try await sync(story, by: other, visits: [visit("a")]).stored == 1)
    }
  }

  @Test func `a row that is refused leaves the others alone and may come again corrected`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      var stray = visit("c")
      stray.regionCode = "370303"
      var event = visit("d")
      event.kind = .matchingEvent
      let rows = [
        visit("a", result: "maybe"), visit("b", firm: Fixture.otherUSCC), stray, event, visit(""), visit("e"),
      ]
      let batch = try await sync(story, visits: rows)
      #expect(batch.stored == 1 && batch.refused == 5)
      #expect(
        batch.visits.map(\.field) == [
          "visits[0].matter.fields.result", "visits[1].matter.enterprise", "", "visits[3].matter.kind",
          "visits[4].client_id", "",
        ], "\(batch.visits)")
      #expect(try await sync(story, visits: [visit("a")]).stored == 1)
      let none = await story.wire.refusal { try await self.sync(story) }
      #expect(none != nil)
    }
  }
}
