import Kernel
import Testing

@testable import Policy

@Suite struct ShippedPackTests {
  @Test func `every shipped pack loads without a mistake`() throws {
    let names = try PackFiles.names()
    #expect(names.count >= 5)
    for name in names {
      do {
        let book = try PolicyBook.load([try PackFiles.source(name)], hash: PackFiles.fingerprint)
        #expect(book.packs.first.map { $0.id + ".yaml" } == name, "the pack's id is its file's name")
        #expect(book.packs.first?.rules.isEmpty == false)
      } catch let error as PolicyLoadError {
        Issue.record("\(error)")
      }
    }
  }

  @Test func `all packs load together, nearest level first`() throws {
    let sources = try PackFiles.names().map { try PackFiles.source($0) }
    let book = try PolicyBook.load(sources, hash: PackFiles.fingerprint)
    #expect(book.packs.map(\.level) == book.packs.map(\.level).sorted())
    #expect(book.packs.suffix(2).map(\.id) == ["demo-city", "suite-conventions"])
    let scope = PolicyScope(
      region: "510104", product: "batch_guarantee", attributes: PolicyAttributes(guaranteeTotal: yuan(1)))
    let fee = try book.parameter("re_guarantee_fee.rate", as: .rate, scope: scope, on: day("2025-03-01"))
    #expect(fee.citation.ruleID == "batch-guarantee-sichuan.re_guarantee_fee.small", "the province before the nation")
  }

  @Test func `every rule says where it comes from, and quotes at most a clause`() throws {
    for name in try PackFiles.names() {
      for rule in try PolicyBook.load([PackFiles.source(name)], hash: PackFiles.fingerprint).packs.flatMap(\.rules) {
        #expect(!rule.citation.document.isEmpty && !rule.citation.article.isEmpty)
        #expect(rule.citation.quote.count <= PackParser.maximumQuoteCharacters)
        #expect(rule.line > 0)
      }
    }
  }
}
