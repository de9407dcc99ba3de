package import Kernel

/// What happened, as the event log names it.
package enum CatalogEventKind: String, Sendable, CaseIterable {
  case institutionCreated = "institution.created"
  case institutionUpdated = "institution.updated"
  case productCreated = "product.created"
  case productUpdated = "product.updated"
  case productSubmitted = "product.submitted"
  case productApproved = "product.approved"
  case productRejected = "product.rejected"
  case productPublished = "product.published"
  case productRecorded = "product.recorded"
  case productSuspended = "product.suspended"
  case productWithdrawn = "product.withdrawn"
  case referenceRateRecorded = "reference_rate.recorded"
  case noticePublished = "notice.published"
  case noticeWithdrawn = "notice.withdrawn"
  case noticeAcknowledged = "notice.acknowledged"
  case errorReportCreated = "error_report.created"
  case errorReportAnswered = "error_report.answered"
}

/// One entry of the event log with what it is about.
package struct CatalogEvent: Sendable {
  package enum Subject: Sendable {
    case product(Product)
    case institution(Institution)
    case referenceRate(ReferenceRate)
    case notice(PolicyNotice)
    case errorReport(ProductErrorReport)
  }

  package let sequence: Int64
  package let commitTime: Instant
  package let type: String
  package let name: String
  package let actor: String
  package let hash: [UInt8]
  package let subject: Subject

  package init(
    sequence: Int64, commitTime: Instant, type: String, name: String, actor: String, hash: [UInt8], subject: Subject
  ) {
    self.sequence = sequence
    self.commitTime = commitTime
    self.type = type
    self.name = name
    self.actor = actor
    self.hash = hash
    self.subject = subject
  }
}

/// The outcome of checking the hash chain.
package struct ChainVerification: Sendable {
  package let entries: Int64
  package let intact: Bool
  package let firstBadSequence: Int64
  package let headHash: [UInt8]
  package let chain: String

  package init(entries: Int64, intact: Bool, firstBadSequence: Int64, headHash: [UInt8], chain: String) {
    self.entries = entries
    self.intact = intact
    self.firstBadSequence = firstBadSequence
    self.headHash = headHash
    self.chain = chain
  }
}

package struct InstitutionFilter: Hashable, Sendable {
  package var kind: InstitutionKind?
  /// Institutions that serve this place.
  package var region: String?
  package var governmentBacked: Bool?

  package init(kind: InstitutionKind? = nil, region: String? = nil, governmentBacked: Bool? = nil) {
    self.kind = kind
    self.region = region
    self.governmentBacked = governmentBacked
  }
}

package struct ProductFilter: Hashable, Sendable {
  package var institution: String?
  package var instrument: Instrument?
  package var state: ProductState?
  /// Products offered at this place.
  package var region: String?
  package var updatedSince: BusinessDate?
  /// Changed at or after this moment.
  package var updatedSinceTime: Instant?
  /// Published versions of these days instead of latest versions.
  package var effective: EffectiveFilter?
  /// The day `effective` is asked for.
  package var asOf: BusinessDate?

  package init(
    institution: String? = nil, instrument: Instrument? = nil, state: ProductState? = nil, region: String? = nil,
    updatedSince: BusinessDate? = nil, updatedSinceTime: Instant? = nil, effective: EffectiveFilter? = nil,
    asOf: BusinessDate? = nil
  ) {
    self.updatedSinceTime = updatedSinceTime
    self.effective = effective
    self.asOf = asOf
    self.institution = institution
    self.instrument = instrument
    self.state = state
    self.region = region
    self.updatedSince = updatedSince
  }
}

/// What the matcher starts from or catches up with: the events up to `sequence` are in it.
package struct CatalogChanges: Sendable {
  /// Products whose offers are new or changed, with all versions that are or will be in force; none when no longer published.
  package let offers: [(id: String, offers: [Offer])]
  /// Ids of every product that changed in any way.
  package let touched: [String]
  package let rates: ReferenceRateTable
  package let sequence: Int64

  package init(
    offers: [(id: String, offers: [Offer])], touched: [String], rates: ReferenceRateTable, sequence: Int64
  ) {
    self.offers = offers
    self.touched = touched
    self.rates = rates
    self.sequence = sequence
  }
}

/// Serialises the answer of a command, to be frozen under its request id.
package typealias Encode<Outcome> = @Sendable (Outcome) throws -> [UInt8]

/// Where the catalog is kept. Every command is decided and stored in one transaction, exactly once per request id.
package protocol CatalogRepository: Sendable {
  func createInstitution(
    _ draft: Institution, envelope: CommandEnvelope, encode: @escaping Encode<Institution>
  ) async throws -> CommandReply<Institution>

  /// - Parameter revise: the institution wanted, made from the stored one.
  func updateInstitution(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Institution>,
    revise: @escaping @Sendable (Institution) throws(DomainError) -> Institution
  ) async throws -> CommandReply<Institution>

  func createProduct(
    id: String, terms: ProductTerms, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product>

  /// - Parameter revise: the new terms, made from the stored ones.
  func updateProduct(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>,
    revise: @escaping @Sendable (ProductTerms) throws(DomainError) -> ProductTerms
  ) async throws -> CommandReply<Product>

  func submitProduct(
    id: String, etag: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product>

  func reviewProduct(
    id: String, verdict: ReviewVerdict, note: String, etag: String, envelope: CommandEnvelope,
    encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product>

  func publishProduct(
    id: String, etag: String, asOf: BusinessDate, envelope: CommandEnvelope, encode: @escaping Encode<Publication>
  ) async throws -> CommandReply<Publication>

  /// What publication would answer, changing nothing.
  func checkPublication(
    id: String, etag: String, asOf: BusinessDate, caller: Caller, now: Instant
  ) async throws -> Publication

  func suspendProduct(
    id: String, etag: String, reason: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product>

  func withdrawProduct(
    id: String, etag: String, reason: String, envelope: CommandEnvelope, encode: @escaping Encode<Product>
  ) async throws -> CommandReply<Product>

  func importProducts(
    _ rows: [ImportRow], institutions: [Institution], goal: ImportGoal, envelope: CommandEnvelope,
    encode: @escaping Encode<ImportReport>
  ) async throws -> CommandReply<ImportReport>

  /// Adds to track records; all are added or none.
  func recordOutcomes(
    _ outcomes: [ProductOutcome], envelope: CommandEnvelope, encode: @escaping Encode<Int>
  ) async throws -> CommandReply<Int>

  func reportError(
    _ draft: ProductErrorDraft, envelope: CommandEnvelope, encode: @escaping Encode<ProductErrorReport>
  ) async throws -> CommandReply<ProductErrorReport>

  func answerError(
    id: String, etag: String, answer: ProductErrorAnswer, envelope: CommandEnvelope,
    encode: @escaping Encode<ProductErrorReport>
  ) async throws -> CommandReply<ProductErrorReport>

  func errorReports(_ filter: ErrorReportFilter, after: String?, limit: Int) async throws -> [ProductErrorReport]

  func publishNotice(
    _ draft: PolicyNotice, envelope: CommandEnvelope, encode: @escaping Encode<PolicyNotice>
  ) async throws -> CommandReply<PolicyNotice>

  func withdrawNotice(
    id: String, etag: String, reason: String, envelope: CommandEnvelope, encode: @escaping Encode<PolicyNotice>
  ) async throws -> CommandReply<PolicyNotice>

  func acknowledgeNotice(
    id: String, note: String, envelope: CommandEnvelope, encode: @escaping Encode<NoticeReceipt>
  ) async throws -> CommandReply<NoticeReceipt>

  func notice(_ id: String) async throws -> PolicyNotice
  /// Newest first; `after` is the id of the last one seen.
  func notices(_ filter: NoticeFilter, after: String?, limit: Int) async throws -> [PolicyNotice]
  func noticeReceipts(
    of id: String, pendingOnly: Bool, after: String?, limit: Int
  ) async throws -> [NoticeReceipt]

  func recordReferenceRates(
    _ rates: [ReferenceRate], envelope: CommandEnvelope, encode: @escaping Encode<Int>
  ) async throws -> CommandReply<Int>

  func institution(_ id: String) async throws -> Institution
  func institutions(_ filter: InstitutionFilter, after: String?, limit: Int) async throws -> [Institution]
  /// - Parameter version: `nil` is the latest that may be seen.
  /// - Throws: `RESOURCE_NOT_FOUND`, also for what may not be seen.
  func product(_ id: String, version: Int?, sight: Sight) async throws -> Product
  /// The latest version and the one in force or last in force, without the record of its review; `nil` when never published.
  func views(of id: String) async throws -> (latest: Product, published: Product?)
  /// - Parameter after: id and version of the last row seen; without `effective` the version is 0.
  func products(
    _ filter: ProductFilter, after: ProductCursor?, limit: Int, sight: Sight
  ) async throws -> [Product]
  func versions(of id: String, after: Int, limit: Int, sight: Sight) async throws -> [Product]
  func referenceRates() async throws -> ReferenceRateTable

  /// Every published offer.
  func snapshot() async throws -> CatalogChanges
  /// What changed after a sequence.
  func changes(after sequence: Int64) async throws -> CatalogChanges
  func watch(
    after sequence: Int64, _ body: @escaping @Sendable (CatalogEvent) async throws -> Void
  ) async throws
  func verifyChain() async throws -> ChainVerification
}

/// A place in a list of products.
package struct ProductCursor: Hashable, Sendable {
  package let id: String
  package let version: Int

  package init(id: String, version: Int = 0) {
    self.id = id
    self.version = version
  }
}

/// What became of an import.
package struct ImportReport: Sendable {
  package let results: [ImportResult]
  package let institutionsCreated: Int

  package init(results: [ImportResult], institutionsCreated: Int) {
    self.results = results
    self.institutionsCreated = institutionsCreated
  }
}
