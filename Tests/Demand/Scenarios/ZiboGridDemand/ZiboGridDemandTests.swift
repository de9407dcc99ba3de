import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct ZiboGridDemandTests {
  private let village = Caller(
    organisation: "grid-370302001001", role: .gridWorker, regionPrefix: "370302001001", subject: "li")
  private let nextVillage = Caller(
    organisation: "grid-370302001002", role: .gridWorker, regionPrefix: "370302001002", subject: "wu")

  @Test func `a demand goes from the village to its close-out`() async throws {
    try await Story.tell { story in
      var firm = Wire.enterprise
      firm.regionCode = "370302001001"
      _ = try await story.wire.register("r", firm)
      try await visit(story)
      let bank = Fixture.bank("bank-a")
      let demand = try await story.submit(
        {
          $0.regionCode = "370302001001"
          $0.channel = .grid
        }, by: village)
      #expect(demand.level == .town)
      let hidden = await story.wire.refusal {
        try await story.wire.run(
          "GetDemand", .with { $0.name = demand.name }, by: nextVillage, story.wire.service.getDemand(request:context:))
      }
      #expect(hidden?.reason == .outOfScope)

      _ = try await story.wire.assess(demand.name, by: village)
      let pushed = try await story.push(demand.name)
      #expect(Set(pushed.targets.map(\.organisation)) == ["region-3703", "region-370302"])
      #expect(Set(pushed.targets.map(\.pushTime)).count == 1)
      let claimed = try await story.wire.claim(demand.name, by: bank)
      #expect(claimed.contact.person == "李工")
      _ = try await story.wire.run(
        "RecordContact",
        .with {
          $0.requestID = story.key()
          $0.name = demand.name
          $0.reason = "已上门"
        }, by: bank, story.wire.service.recordContact(request:context:))
      _ = try await story.offer(demand.name, 200_000_000, by: bank)
      _ = try await story.sign(demand.name, 200_000_000, on: Fixture.today, by: bank)
      _ = try await story.pay(demand.name, 200_000_000, on: Fixture.today, by: bank)
      try await close(demand.name, story)
    }
  }

  private func visit(_ story: Story) async throws {
    let visit = Story.matter(.visit, ["visited_on": "2025-01-02", "result": "need", "channel": "grid"]) {
      $0.regionCode = "370302001001"
      $0.enterprise = "enterprises/\(Fixture.uscc)"
      $0.clientID = "tablet-7-0001"
    }
    for known in [0, 1] as [Int32] {
      let answer = try await story.wire.run(
        "SyncVisits",
        .with {
          $0.requestID = story.key()
          $0.visits = [visit]
        }, by: village, story.wire.outreach.syncVisits(request:context:), of: "OutreachService")
      #expect(answer.known == known && answer.stored == 1 - known && answer.refused == 0)
    }
    #expect(try await story.cases("kind = VISIT", by: village).count == 1)
    #expect(try await story.cases("kind = VISIT", by: nextVillage).isEmpty)
  }

  private func close(_ name: String, _ story: Story) async throws {
    let bare = await story.wire.refusal {
      try await story.wire.run(
        "CloseDemand",
        .with {
          $0.requestID = story.key()
          $0.name = name
        }, by: village, story.wire.service.closeDemand(request:context:))
    }
    #expect(bare?.reason == .evidenceMissing)
    let closed = try await story.close(name, by: village)
    #expect(closed.state == .closed && closed.closeOut.role == "grid_worker")
    let figures = try await story.wire.run(
      "ReportFigures",
      .with {
        $0.regionPrefix = "3703"
        $0.dimension = .channel
        $0.format = .csv
      }, by: Fixture.regulator, story.wire.service.reportFigures(request:context:))
    let row = try #require(figures.rows.first)
    #expect(figures.rows.count == 1 && row.key == "grid" && row.demands == 1 && row.firms == 1 && row.firstLoans == 1)
    #expect(row.amounts[0].disbursedRate.ppm == 1_000_000)
    let ledger = try await story.wire.run(
      "ExportLedger",
      .with {
        $0.filter = "channel = GRID AND state = CLOSED"
        $0.format = .csv
      }, by: village, story.wire.service.exportLedger(request:context:))
    let lines = String(decoding: ledger.content, as: UTF8.self).split(separator: "\r\n")
    #expect(ledger.rows == 1 && lines.count == 2 && lines[1].contains(",closed,loan,CNY,"))
    #expect(String(decoding: figures.content, as: UTF8.self).hasPrefix("key,demands,firms,"))
  }
}
