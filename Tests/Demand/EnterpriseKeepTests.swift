import DemandAPI
import DemandDomain
import Foundation
import GRPCCore
import Kernel
import Protos
import SwiftProtobuf
import Testing

@Suite struct EnterpriseKeepTests {
  private func load(_ story: Story, _ csv: String) async throws -> Huirong_Demand_V1_ImportEnterprisesResponse {
    try await story.wire.run(
      "ImportEnterprises",
      .with {
        $0.requestID = story.key()
        $0.csv = Data(csv.utf8)
      }, by: Fixture.operators, story.wire.service.importEnterprises(request:context:))
  }

  @Test func `a file stores its good rows whole and says of each bad one why`() async throws {
    try await Story.tell { story in
      let report = try await load(
        story,
        """
        uscc,display_name,region_code,industry_code,size_sector,size_staff,size_revenue,tags,platform_grade,chain
        \(Fixture.uscc),"淄博""精工""机械, 有限公司",370302001,C34,industry,300,20000000,专精特新;高新技术,B,新材料
        \(Fixture.otherUSCC),无行业,370303,X9,,,,,,
        123,短码,370303,C34,,,,,,
        \(Fixture.uscc),重复,370302,C34,,,,,,
        \(Fixture.otherUSCC),少一格,370303,C34

        """)
      #expect(report.registered == 1 && report.refused == 4)
      #expect(
        report.rows.map(\.error.reason) == ["", "INVALID_INDUSTRY", "INVALID_USCC", "RESOURCE_EXISTS", "DATA_REFUSED"])
      #expect(report.rows.map(\.error.field) == ["", "csv[1].industry_code", "csv[2].uscc", "csv[3].uscc", "csv[4]"])
      let firm = try await enterprise(story)
      #expect(firm.displayName == "淄博\"精工\"机械, 有限公司" && firm.tags.map(\.tag) == ["专精特新", "高新技术"])
      #expect(firm.chain == "新材料" && firm.sizeBand == .medium)
    }
  }

  @Test(arguments: ["", "uscc,name\n", "uscc,uscc\n", "uscc,display_name,region_code\n", "a\"b,c\n"])
  func `a file whose header is wrong is refused whole`(_ csv: String) async throws {
    try await Story.tell { story in
      let error = await story.wire.refusal { try await self.load(story, csv) }
      #expect(error?.reason == .dataRefused && error?.field == "csv")
    }
  }

  private func enterprise(_ story: Story, _ code: String = Fixture.uscc) async throws -> Huirong_Demand_V1_Enterprise {
    try await story.wire.run(
      "GetEnterprise", .with { $0.name = "enterprises/\(code)" }, by: Fixture.operators,
      story.wire.service.getEnterprise(request:context:))
  }

  @Test func `a size is judged again as of any day, and a preview stores nothing`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      func judge(_ preview: Bool) async throws -> Huirong_Demand_V1_Enterprise {
        try await story.wire.run(
          "ReclassifyEnterprise",
          .with {
            $0.requestID = story.key()
            $0.name = "enterprises/\(Fixture.uscc)"
            $0.asOf = Wire.date(2012, 5, 1)
            $0.validateOnly = preview
          }, by: Fixture.regulator, story.wire.service.reclassifyEnterprise(request:context:))
      }
      #expect(try await judge(true).sizeAsOf == Wire.date(2012, 5, 1))
      #expect(try await enterprise(story).sizeAsOf == Wire.date(2025, 1, 2))
      let judged = try await judge(false)
      #expect(judged.sizeAsOf == Wire.date(2012, 5, 1) && judged.etag == "2" && !judged.sizeCitations.isEmpty)
      #expect(try await enterprise(story) == judged)
    }
  }

  @Test func `a verification names its evidence and is not of tomorrow`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      func verify(_ day: Int32) async throws -> Huirong_Demand_V1_Enterprise {
        try await story.wire.run(
          "VerifyEnterprise",
          .with {
            $0.requestID = story.key()
            $0.name = "enterprises/\(Fixture.uscc)"
            $0.evidence = Story.evidence("register-extract")
            $0.checkedOn = Wire.date(2025, 1, day)
          }, by: Fixture.grid, story.wire.service.verifyEnterprise(request:context:))
      }
      #expect(await story.wire.refusal { try await verify(3) }?.reason == .invalidDate)
      #expect(try await verify(2).verification.actor == Fixture.grid.organisation)
    }
  }

  @Test func `a firm registered twice gives way once its demands have ended, and takes no new ones`() async throws {
    try await Story.tell { story in
      _ = try await story.wire.register()
      var twin = Wire.enterprise
      twin.uscc = Fixture.otherUSCC
      _ = try await story.wire.register("twin", twin)
      let demand = try await story.submit({ $0.enterprise = "enterprises/\(Fixture.otherUSCC)" }, by: Fixture.operators)
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
      let busy = await story.wire.refusal { try await merge() }
      #expect(busy?.reason == .stateConflict && busy?.metadata["open_demands"] == "1")
      _ = try await story.wire.run(
        "WithdrawDemand",
        .with {
          $0.requestID = story.key()
          $0.name = demand.name
          $0.reason = "并户"
        }, by: Fixture.grid, story.wire.service.withdrawDemand(request:context:))
      #expect(try await merge().mergedInto == "enterprises/\(Fixture.uscc)")
      let late = await story.wire.refusal {
        try await story.submit({ $0.enterprise = "enterprises/\(Fixture.otherUSCC)" }, by: Fixture.operators)
      }
      #expect(late?.reason == .stateConflict && late?.metadata["merged_into"] == "enterprises/\(Fixture.uscc)")
    }
  }
}
