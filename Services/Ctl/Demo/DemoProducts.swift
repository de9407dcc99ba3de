import Foundation
import Kernel
import PlainRPC
import Protos
import SwiftProtobuf

/// The institutions and products that the five documents name (data/products), through the catalog's own import: one officer of the
/// platform enters and hands them in, a second one approves and publishes each as of its document's day.
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
  private var reviewer: PlainCallOptions { suite.options(as: .platformReviewer) }

  /// Each file holds the JSON of the request that enters it; data/products/README.md says which.
  func load(_ progress: ProgressBar) async throws -> Loaded {
    var loaded = Loaded()
    for request in try institutions() {
      try await create(request)
      loaded.institutions += 1
    }
    var rates: Huirong_Catalog_V1_RecordReferenceRatesRequest = try message("reference-rates")
    rates.requestID = "demo-lpr"
    _ = try await suite.catalog.recordReferenceRates(rates, options: options)
    for document in Self.documents {
      let request: Huirong_Catalog_V1_BatchImportProductsRequest = try message(document)
      let answer = try await suite.catalog.batchImportProducts(request, options: options)
      loaded.products += Int(answer.created + answer.updated + answer.unchanged)
      loaded.refused += answer.results.filter { $0.outcome == .refused }.map { result in
        "\(document) row \(result.row): \(result.reason) \(result.field) \(result.message)"
      }
      // The products of one document are the only ones that wait: those of the one before are in force.
      let day = try BusinessDate(
        year: Int(request.asOf.year), month: Int(request.asOf.month), day: Int(request.asOf.day))
      loaded.refused += try await SubmittedProducts(
        catalog: suite.catalog, options: reviewer, publication: .init(asOf: day)
      ).approve(filter: "state = SUBMITTED").refused
      progress.advance()
    }
    return loaded
  }

  static let documents = ["taian-2023-2", "yantai-2023-8", "zibo-2020-56", "zibo-2023-11"]

  private func institutions() throws -> [Huirong_Catalog_V1_CreateInstitutionRequest] {
    let file = folder.appending(path: "institutions.json")
    guard let rows = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [Any] else {
      throw DomainError(.dataRefused, "\(file.path): expected a list")
    }
    var requests = try rows.map { row in
      try Huirong_Catalog_V1_CreateInstitutionRequest(jsonUTF8Data: JSONSerialization.data(withJSONObject: row))
    }
    requests.append(
      .with {
        $0.institutionID = DemoJourneys.bankOfLastResort
        $0.institution.kind = .bank
        $0.institution.nameZh = "市商业银行（演示）"
      })
    return requests
  }

  private func create(_ request: Huirong_Catalog_V1_CreateInstitutionRequest) async throws {
    var request = request
    request.requestID = "demo-\(request.institutionID)"
    _ = try await suite.catalog.createInstitution(request, options: options)
  }

  private func message<M: SwiftProtobuf.Message>(_ name: String) throws -> M {
    try M(jsonUTF8Data: Data(contentsOf: folder.appending(path: "\(name).json")))
  }
}
