import DemandAPI
import DemandDomain
import GRPCCore
import Kernel
import Protos
import RPCEdge
import SwiftProtobuf
import Testing

@Suite struct EnterpriseListTests {
  /// Twelve firms that differ in region, industry, grade, first-loan standing and tag.
  private func populate(_ wire: WireFixture) async throws -> [Huirong_Demand_V1_Enterprise] {
    var firms: [Huirong_Demand_V1_Enterprise] = []
    for number in 0..<12 {
      let code = try #require(UnifiedSocialCreditCode.completing(body: "91370302MA3C00\(100 + number)"))
      var firm = Wire.enterprise
      firm.uscc = code.text
      firm.regionCode = ["370302001", "370303", "370602"][number % 3]
      firm.industryCode = number % 2 == 0 ? "C34" : "C1391"
      firm.platformGrade = [.a, .b, .c, .unspecified][number % 4]
      firm.firstLoan = number % 5 == 0
      if number % 2 == 1 { firm.tags = [] }
      firm.sizeInputs.staff = number < 6 ? 50 : 10
      firms.append(try await wire.register("firm-\(number)", firm))
    }
    return firms
  }

  private func list(
    _ filter: String, _ wire: WireFixture, by caller: Caller = Fixture.operators, order: String = ""
  ) async throws -> [Huirong_Demand_V1_Enterprise] {
    var (found, token) = ([Huirong_Demand_V1_Enterprise](), "")
    repeat {
      let next = token
      let page = try await wire.service.listEnterprises(
        request: wire.request(
          .with {
            $0.filter = filter
            $0.orderBy = order
            $0.pageSize = 2
            $0.pageToken = next
          }, by: caller), context: wire.context("ListEnterprises")
      ).message
      found += page.enterprises
      token = page.nextPageToken
    } while !token.isEmpty
    return found
  }

  @Test func `every filter pages through exactly what matches it`() async throws {
    try await WireFixture.with { wire in
      let firms = try await populate(wire)
      #expect(try await list("", wire) == firms)
      #expect(try await list("", wire, order: "create_time desc") == firms.reversed())
      let cases: [(String, (Huirong_Demand_V1_Enterprise) -> Bool)] = [
        ("region_code = \"3703*\"", { $0.regionCode.hasPrefix("3703") }),
        ("region_code = \"370302*\"", { $0.regionCode.hasPrefix("370302") }),
        ("region_code = \"370602\"", { $0.regionCode == "370602" }),
        ("industry_code = \"C13*\"", { $0.industryCode.hasPrefix("C13") }),
        ("platform_grade = C", { $0.platformGrade == .c }), ("first_loan = true", { $0.firstLoan }),
        ("first_loan = false AND platform_grade = A", { !$0.firstLoan && $0.platformGrade == .a }),
        ("tag = \"专精特新\"", { $0.tags.map(\.tag).contains("专精特新") }), ("size_band = MICRO", { $0.sizeBand == .micro }),
      ]
      for (filter, matches) in cases {
        let expected = firms.filter(matches)
        #expect(!expected.isEmpty && expected.count < firms.count, "\(filter) tells nothing")
        #expect(try await list(filter, wire) == expected, "\(filter)")
      }
      #expect(try await list("", wire, by: Fixture.grid) == firms.filter { $0.regionCode.hasPrefix("370302") })
    }
  }

  @Test func `an update takes over what the mask names and nothing else`() async throws {
    try await WireFixture.with { wire in
      let firm = try await wire.register()
      func update(
        _ key: String, _ paths: [String], by caller: Caller, etag: String = "",
        _ change: (inout Huirong_Demand_V1_Enterprise) -> Void
      ) async throws -> Huirong_Demand_V1_Enterprise {
        var changed = firm
        change(&changed)
        let enterprise = changed
        return try await wire.service.updateEnterprise(
          request: wire.request(
            .with {
              $0.requestID = key
              $0.enterprise = enterprise
              $0.updateMask = .with { $0.paths = paths }
              $0.etag = etag
            }, by: caller), context: wire.context("UpdateEnterprise")
        ).message
      }
      let graded = try await update("u1", ["platform_grade"], by: Fixture.operators, etag: firm.etag) {
        $0.platformGrade = .a
        $0.displayName = "另一家"
      }
      #expect(graded.platformGrade == .a && graded.displayName == firm.displayName && graded.etag == "2")
      let stale = await wire.refusal {
        try await update("u2", ["display_name"], by: Fixture.regulator, etag: firm.etag) { $0.displayName = "x" }
      }
      #expect(stale?.reason == .etagMismatch && stale?.field == "etag")
      let unknown = await wire.refusal { try await update("u3", ["uscc"], by: Fixture.regulator) { $0.uscc = "x" } }
      #expect(unknown?.field == "update_mask")
      let own = await wire.refusal {
        try await update("u4", ["platform_grade"], by: Fixture.firm) { $0.platformGrade = .a }
      }
      #expect(own?.reason == .outOfScope && own?.field == "enterprise.platform_grade")
      let renamed = try await update("u5", ["display_name"], by: Fixture.firm) { $0.displayName = "淄博新机械" }
      #expect(renamed.displayName == "淄博新机械" && renamed.platformGrade == .a)
      let blank = await wire.refusal {
        try await update("u6", ["display_name"], by: Fixture.firm) { $0.displayName = "" }
      }
      #expect(blank?.reason == .requiredFieldMissing && blank?.field == "enterprise.display_name")
      let away = await wire.refusal {
        try await update("u7", ["region_code"], by: Fixture.grid) { $0.regionCode = "370602" }
      }
      #expect(away?.reason == .outOfScope)
    }
  }
}
