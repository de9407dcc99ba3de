import CatalogDomain
import Kernel
import Protos
import SwiftProtobuf
import Testing

@testable import CatalogAPI

/// Answers that are written straight to their bytes say what the generated messages say.
@Suite struct MatchListTests {
  @Test(arguments: [false, true]) func `the list of matches is the one the messages make`(_ withDetails: Bool) throws {
    var compared = 0
    for seed in UInt64(0)..<40 {
      var random = SeededGenerator(seed: seed)
      let index = CatalogIndex((0..<120).map { RandomCatalog.offer($0, &random, depth: 1) })
      for _ in 0..<5 {
        let found = index.match(RandomCatalog.profile(&random), limit: 20, level: RandomCatalog.level).matches
        let expected =
          try Huirong_Catalog_V1_MatchProductsResponse.with {
            $0.matches = found.enumerated().map { .init($1, rank: $0 + 1, withDetails: withDetails) }
          }.serializedBytes() as [UInt8]
        // Twice: made, and kept with the offers.
        for _ in 0..<2 {
          #expect(try MatchList.bytes(found, withDetails: withDetails) == expected, "seed \(seed)")
        }
        compared += found.count
      }
    }
    #expect(compared > 200)
  }

  @Test func `a title without words and an English one are written as the message does`() throws {
    let long = LocalizedText(zh: String(repeating: "贷", count: 100))
    for title in [LocalizedText(zh: ""), LocalizedText(zh: "贷", en: "Loan"), long] {
      let terms = ProductTerms(institution: "b", instrument: .bond, title: title)
      let offer = Offer(id: "p", version: 300, terms: terms, institutionRegions: [])
      let match = CatalogIndex.rate(offer, Profile(), level: RandomCatalog.level)
      let expected: [UInt8] = try Huirong_Catalog_V1_MatchProductsResponse.with {
        $0.matches = [.init(match, rank: 1, withDetails: false)]
      }.serializedBytes()
      #expect(try MatchList.bytes([match], withDetails: false) == expected)
    }
  }

  @Test func `a kept product is sent as it was encoded`() throws {
    let product = Product(
      id: "p", terms: TestCatalog.terms("bank-a"), createTime: TestCatalog.now, updateTime: TestCatalog.now)
    let message = Huirong_Catalog_V1_Product(product)
    let bytes: [UInt8] = try message.serializedBytes()
    let entry = try ProductCache.Entry(latest: product, published: nil)
    #expect(entry.seen(by: .own(institution: "bank-a")) == bytes)
    #expect(entry.seen(by: .own(institution: "bank-b")) == nil && entry.seen(by: .published) == nil)
  }
}
