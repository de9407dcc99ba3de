import CatalogAPI
import CatalogDomain
import CatalogStore
import Kernel
import Policy
import Protos
import SwiftProtobuf
import Testing

/// The products that the documents name, as the demonstration imports them.
@Suite struct BuiltInProductsTests {
  private static let files = ["taian-2023-2", "yantai-2023-8", "zibo-2020-56", "zibo-2023-11"]

  private static func request(_ file: String) throws -> Huirong_Catalog_V1_BatchImportProductsRequest {
    try .init(jsonString: try PackFiles.products(file))
  }

  private static func caps() throws -> PolicyLimits {
    let packs = try ["yantai-2023-8", "zibo-2020-56"].map { (name: "\($0).yaml", yaml: try PackFiles.text($0)) }
    return PolicyLimits(try PolicyBook.load(packs: packs, digest: { _ in [0] }))
  }

  private func withBuiltIns(_ body: (TestCatalog, LiveCatalog) async throws -> Void) async throws {
    let catalog = try TestCatalog(limits: try Self.caps())
    let institutions = try Huirong_Catalog_V1_CreateInstitutionRequest.array(
      fromJSONString: try PackFiles.products("institutions"))
    for request in institutions {
      _ = try await catalog.repository.createInstitution(
        try Institution(id: request.institutionID, request.institution),
        envelope: try TestCatalog.envelope("i-\(request.institutionID)")
      ) { _ in [] }
    }
    for file in Self.files {
      let request = try Self.request(file)
      let results = try await catalog.repository.importProducts(
        request.rows.map { ImportRow($0) }, institutions: [], goal: .submit(try Self.day(request.asOf)),
        envelope: try TestCatalog.envelope(request.requestID)
      ) { _ in [] }.outcome.results
      for result in results where result.outcome != .created {
        Issue.record("\(file) row \(result.row): \(result.error.map { "\($0)" } ?? "\(result.outcome)")")
      }
      try await catalog.approveAll(asOf: try Self.day(request.asOf))
    }
    let rates = try Huirong_Catalog_V1_RecordReferenceRatesRequest(
      jsonString: try PackFiles.products("reference-rates"))
    _ = try await catalog.repository.recordReferenceRates(
      try rates.rates.enumerated().map { try ReferenceRate($1, "rates[\($0)]") },
      envelope: try TestCatalog.envelope(rates.requestID)
    ) { _ in [] }
    let live = try await LiveCatalog(catalog.repository)
    do { try await body(catalog, live) } catch {
      await catalog.remove()
      throw error
    }
    await catalog.remove()
  }

  private static func day(_ date: Huirong_Common_V1_Date) throws -> BusinessDate {
    try BusinessDate(year: Int(date.year), month: Int(date.month), day: Int(date.day))
  }

  private static func profile(
    yuan: Int64, region: String, on day: String, _ build: (inout Huirong_Catalog_V1_FirmProfile) -> Void = { _ in }
  ) throws -> Profile {
    var firm = Huirong_Catalog_V1_FirmProfile()
    firm.regionCode = region
    build(&firm)
    var need = Huirong_Catalog_V1_FinancingNeed()
    need.amount.currencyCode = "CNY"
    need.amount.minorUnits = yuan * 100
    need.tenor.months = 12
    let date = try BusinessDate(iso: day)
    need.asOf.year = Int32(date.year)
    need.asOf.month = Int32(date.month)
    need.asOf.day = Int32(date.day)
    return try Profile(firm, need, now: TestCatalog.now)
  }

  @Test func `every product of the documents is accepted and published under the shipped caps`() async throws {
    try await withBuiltIns { catalog, live in
      let all = try await catalog.repository.products(
        ProductFilter(), after: nil, limit: 1000, sight: .everything)
      #expect(all.count == 80 && all.allSatisfy { $0.state == .published })
      #expect(
        all.allSatisfy { product in product.terms.sources.allSatisfy { !$0.quote.isEmpty && !$0.article.isEmpty } })
      #expect(live.current.index.count == 80)
      #expect(try await catalog.repository.verifyChain().intact)
    }
  }

  @Test(arguments: files) func `terms survive the way to the domain and back unchanged`(_ file: String) throws {
    for row in try Self.request(file).rows {
      let terms = try ProductTerms(row.product)
      let product = Product(id: row.productID, terms: terms, createTime: TestCatalog.now, updateTime: TestCatalog.now)
      var back = Huirong_Catalog_V1_Product(product)
      back.name = ""
      back.version = 0
      back.state = .unspecified
      back.etag = ""
      back.clearCreateTime()
      back.clearUpdateTime()
      back.clearTrackRecord()
      #expect(back == row.product, "\(row.productID)")
      #expect(try ProductTerms(back) == terms)
    }
  }

  @Test func `a small firm in Tai'an finds 国担快贷 first, at 3.75 % and 1 %`() async throws {
    try await withBuiltIns { _, live in
      let profile = try Self.profile(yuan: 3_000_000, region: "370902", on: "2023-02-01") { $0.size = .small }
      let level = live.current.rates.level(on: try BusinessDate(iso: "2023-02-01"))
      let result = live.current.index.match(profile, limit: 5, level: level)
      let best = try #require(result.matches.first)
      #expect(best.offer.id == "taian-icbc-guodan-kuaidai")
      // 3.75 % × 365/360 = 3.80208… %, and 1 %
      #expect(best.allInPPM == 48_021)
      #expect(best.score.speed == 150 && best.score.cost == 304 && best.score.success == 75)
    }
  }

  @Test func `the firm one fen above the limit learns that one fen is too much`() async throws {
    try await withBuiltIns { _, live in
      var profile = try Self.profile(yuan: 5_000_000, region: "370902", on: "2023-02-01") { $0.size = .micro }
      let offer = try #require(live.current.index.offer("taian-icbc-guodan-kuaidai"))
      #expect(Explanation.refusal(offer, profile) == nil)
      profile[.amount] = 500_000_001
      let refusal = try #require(Explanation.refusal(offer, profile))
      #expect(refusal.failed.map(\.path) == ["amount.max"])
      #expect(refusal.failed.map(\.shortfall) == [1])
      #expect(refusal.change.steps.map(\.to) == [.number(500_000_000)])
    }
  }

  @Test func `Zibo's products of 2020 end with their document`() async throws {
    try await withBuiltIns { _, live in
      for (day, found) in [("2020-05-25", false), ("2020-05-26", true), ("2020-12-31", true), ("2021-01-01", false)] {
        let profile = try Self.profile(yuan: 1_000_000, region: "370303", on: day) {
          $0.size = .small
          $0.tags = ["relending-scope"]
        }
        let ids = live.current.index.eligibleIDs(profile)
        #expect(ids.contains("zibo-2020-follow-the-loan-guarantee") == found, "\(day)")
      }
    }
  }

  @Test func `Yantai's risk pool begins with 2024 and asks for grade C`() async throws {
    try await withBuiltIns { _, live async throws in
      func eligible(_ day: String, _ grade: Huirong_Common_V1_PlatformGrade) throws -> Bool {
        let profile = try Self.profile(yuan: 10_000_000, region: "370602", on: day) {
          $0.size = .small
          $0.platformGrade = grade
        }
        return live.current.index.eligibleIDs(profile).contains("yantai-risk-pool-loan")
      }
      #expect(try !eligible("2023-12-31", .c))
      #expect(try eligible("2024-01-01", .c))
      #expect(try eligible("2024-01-01", .a))
      #expect(try !eligible("2024-01-01", .d))
      #expect(try !eligible("2024-01-01", .unspecified))
    }
  }
}
