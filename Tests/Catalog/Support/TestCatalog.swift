import CatalogDomain
import CatalogStore
import Foundation
import Kernel
import Policy
import Storage

/// A catalog store in a directory of its own, with callers and envelopes.
final class TestCatalog: Sendable {
  let store: Store
  let repository: CatalogStore
  let configuration: StoreConfiguration

  static let now = Instant(microseconds: 1_690_000_000_000_000)

  init(_ configuration: StoreConfiguration? = nil, limits: any PolicyLimitReading = NoLimits()) throws {
    self.configuration = try configuration ?? .temporary()
    store = try Store.open(self.configuration, migrations: CatalogMigrations.all)
    repository = CatalogStore(store, limits: limits)
  }

  /// Closes, opens again and removes nothing.
  func reopened() async throws -> TestCatalog {
    await store.close()
    return try TestCatalog(configuration)
  }

  func remove() async {
    await store.close()
    try? FileManager.default.removeItem(atPath: configuration.directory)
  }

  static let theOperator = Caller(organisation: "city", role: .operator, regionPrefix: "", subject: "clerk")

  static func bank(_ id: String, _ subject: String = "clerk") -> Caller {
    Caller(organisation: id, role: .institution, regionPrefix: "", subject: subject)
  }

  static let theReviewer = Caller(organisation: "city", role: .operator, regionPrefix: "", subject: "reviewer")

  static func envelope(
    _ key: String, _ caller: Caller = theOperator, body: UInt8 = 0, seconds: Int64 = 0
  ) throws -> CommandEnvelope {
    try CommandEnvelope(
      requestID: key, method: "test", caller: caller, requestHash: Array(repeating: body, count: 32),
      now: Instant(microseconds: now.microseconds + seconds * 1_000_000))
  }

  func enter(_ institutions: String...) async throws {
    for id in institutions {
      let draft = Institution(id: id, kind: .bank, nameZH: "银行 \(id)", serviceRegions: ["37"])
      _ = try await repository.createInstitution(draft, envelope: try Self.envelope("inst-\(id)")) { Array($0.id.utf8) }
    }
  }

  static func terms(_ institution: String, max: Int64 = 500_000_000) -> ProductTerms {
    ProductTerms(
      institution: institution, instrument: .loan, title: LocalizedText(zh: "贷款"),
      amount: AmountRange(currency: .cny, bounds: IntegerRange(max: max)))
  }

  func create(_ id: String, _ institution: String, max: Int64 = 500_000_000) async throws -> Product {
    try await repository.createProduct(
      id: id, terms: Self.terms(institution, max: max), envelope: try Self.envelope("create-\(id)"),
      encode: Self.encode
    ).outcome
  }

  /// Hands in, lets another person approve, and publishes.
  func publish(_ product: Product, key: String = "publish") async throws -> Product {
    let product = try await approve(product, key: key)
    return try await repository.publishProduct(
      id: product.id, etag: product.etag, asOf: try Self.now.shanghaiDate(),
      envelope: try Self.envelope("\(key)-\(product.id)-\(product.version)"), encode: { Self.encode($0.product) }
    ).outcome.product
  }

  func approve(_ product: Product, key: String = "publish") async throws -> Product {
    let suffix = "\(product.id)-\(product.version)"
    let submitted = try await repository.submitProduct(
      id: product.id, etag: product.etag, envelope: try Self.envelope("\(key)-submit-\(suffix)"), encode: Self.encode
    ).outcome
    return try await repository.reviewProduct(
      id: product.id, verdict: .approve, note: "", etag: submitted.etag,
      envelope: try Self.envelope("\(key)-review-\(suffix)", Self.theReviewer), encode: Self.encode
    ).outcome
  }

  /// Another person approves and publishes whatever waits for review.
  func approveAll(asOf: BusinessDate) async throws {
    let waiting = try await repository.products(
      ProductFilter(state: .submitted), after: nil, limit: 1000, sight: .everything)
    for product in waiting {
      let approved = try await repository.reviewProduct(
        id: product.id, verdict: .approve, note: "", etag: product.etag,
        envelope: try Self.envelope("approve-\(product.id)-\(product.version)", Self.theReviewer), encode: Self.encode
      ).outcome
      _ = try await repository.publishProduct(
        id: product.id, etag: approved.etag, asOf: asOf,
        envelope: try Self.envelope("release-\(product.id)-\(product.version)", Self.theReviewer),
        encode: { Self.encode($0.product) }
      ).outcome
    }
  }

  @Sendable static func encode(_ product: Product) -> [UInt8] { Array("\(product.name)@\(product.etag)".utf8) }

  static func profile(_ yuan: Int64 = 1_000_000) throws -> Profile {
    var profile = Profile()
    profile.setNeed(
      instruments: [], amount: Money(yuan * 100, .cny), tenor: nil, securityModes: [], asOf: try now.shanghaiDate())
    profile[.region] = "370902"
    return profile
  }
}

/// A city whose packs state no caps.
struct NoLimits: PolicyLimitReading {
  func cap(_ question: FeeCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? { nil }
  func rateCap(_ question: RateCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? { nil }
}

struct WasReplayed: Error {}

extension CommandReply {
  var outcome: Outcome {
    get throws {
      guard case .fresh(let outcome) = self else { throw WasReplayed() }
      return outcome
    }
  }
}
