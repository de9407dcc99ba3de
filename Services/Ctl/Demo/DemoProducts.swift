import Foundation
import Kernel
import PlainRPC
import Protos
import SwiftProtobuf

/// The institutions and products that the five documents name (data/products), through the catalog's own import.
struct DemoProducts: Sendable {
  let suite: DemoSuite
  let folder: URL

  struct Loaded: Sendable {
    var institutions = 0
    var products = 0
    /// Rows that the catalog refused, with its words.
    var refused: [String] = []
  }

  private var options: PlainCallOptions { suite.options(as: .platform) }

  func load(_ progress: ProgressBar) async throws -> Loaded {
    var loaded = Loaded()
    for institution in try list("institutions") as [Huirong_Catalog_V1_Institution] {
      try await create(institution)
      loaded.institutions += 1
      progress.advance()
    }
    try await create(
      .with {
        $0.name = "institutions/\(DemoJourneys.bankOfLastResort)"
        $0.kind = .bank
        $0.nameZh = "市商业银行（演示）"
      })
    let rates: [Huirong_Catalog_V1_ReferenceRate] = try list("reference-rates")
    _ = try await suite.catalog.recordReferenceRates(
      .with {
        $0.requestID = "demo-lpr"
        $0.rates = rates
      }, options: options)
    let rows: [Huirong_Catalog_V1_ProductImportRow] = try list("products")
    let answer = try await suite.catalog.batchImportProducts(
      .with {
        $0.requestID = "demo-products"
        $0.rows = rows
        $0.publish = true
        $0.asOf = suite.today.proto
      }, options: options)
    progress.advance(by: rows.count)
    return loaded
  }

  private func create(_ institution: Huirong_Catalog_V1_Institution) async throws {
    let id = String(institution.name.drop { $0 != "/" }.dropFirst())
    _ = try await suite.catalog.createInstitution(
      .with {
        $0.requestID = "demo-institution-\(id)"
        $0.institutionID = id
        $0.institution = institution
      }, options: options)
  }

  private func list<M: SwiftProtobuf.Message>(_ name: String) throws -> [M] {
    let file = folder.appending(path: "\(name).json")
    guard let rows = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [Any] else {
      throw DomainError(.dataRefused, "\(file.path): expected a list")
    }
    return try rows.map { try M(jsonUTF8Data: JSONSerialization.data(withJSONObject: $0)) }
  }
}
