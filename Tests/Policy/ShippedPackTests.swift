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
}
