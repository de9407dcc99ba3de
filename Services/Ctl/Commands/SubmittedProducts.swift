import Kernel
import PlainRPC
import Protos

/// The second pair of eyes over many products: whatever was handed in is approved and, when asked for, put in force, each by
/// calls of its own, so that whoever wrote one of them is refused that one.
struct SubmittedProducts: Sendable {
  let catalog: Huirong_Catalog_V1_CatalogService.PlainClient
  let options: PlainCallOptions
  /// Publishes what was approved, under the policy limits of this day (today when it is not set).
  var publication: Publication?

  struct Publication: Sendable {
    var asOf: BusinessDate?
  }

  struct Outcome: Sendable {
    var approved = 0
    var published = 0
    /// Products that were refused, with the catalog's words.
    var refused: [String] = []
  }

  /// Calls in flight: enough for the catalog to store them in groups.
  private static let inFlight = 32

  /// - Parameter filter: as in ListProducts.
  func approve(filter: String) async throws -> Outcome {
    var rest = try await handedIn(filter)[...]
    return try await withThrowingTaskGroup(of: Outcome.self) { group in
      func next() {
        guard let product = rest.popFirst() else { return }
        group.addTask { try await approve(product) }
      }
      for _ in 0..<Self.inFlight { next() }
      var outcome = Outcome()
      while let one = try await group.next() {
        outcome.approved += one.approved
        outcome.published += one.published
        outcome.refused += one.refused
        next()
      }
      return outcome
    }
  }

  private func handedIn(_ filter: String) async throws -> [Huirong_Catalog_V1_Product] {
    var found: [Huirong_Catalog_V1_Product] = []
    var page = Huirong_Catalog_V1_ListProductsRequest()
    page.filter = filter
    page.pageSize = 500
    while true {
      let answer = try await catalog.listProducts(page, options: options)
      found += answer.products.filter { $0.review.state == .submitted }
      if answer.nextPageToken.isEmpty { return found }
      page.pageToken = answer.nextPageToken
    }
  }

  private func approve(_ product: Huirong_Catalog_V1_Product) async throws -> Outcome {
    var outcome = Outcome()
    do {
      var review = Huirong_Catalog_V1_ReviewProductRequest()
      review.requestID = key("approve", product)
      review.name = product.name
      review.etag = product.etag
      review.decision = .approve
      let approved = try await catalog.reviewProduct(review, options: options)
      outcome.approved = 1
      guard let publication else { return outcome }
      var publish = Huirong_Catalog_V1_PublishProductRequest()
      publish.requestID = key("publish", product)
      publish.name = product.name
      publish.etag = approved.etag
      if let day = publication.asOf { publish.asOf = day.proto }
      _ = try await catalog.publishProduct(publish, options: options)
      outcome.published = 1
    } catch let status as PlainStatus {
      outcome.refused = ["\(product.name): \(status.message)"]
    }
    return outcome
  }

  /// FNV-1a: the same approval of the same state of a product by the same person is the same request. Keys are the
  /// organisation's, so that without the person a colleague would be answered what the first one was.
  private func key(_ step: String, _ product: Huirong_Catalog_V1_Product) -> String {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for byte in "\(product.name)@\(product.etag) \(options.metadata)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
    }
    return "ctl-\(step)-\(String(hash, radix: 16))"
  }
}
