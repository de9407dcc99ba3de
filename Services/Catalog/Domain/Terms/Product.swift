package import Kernel

/// A document the applicant hands in (申报材料).
package struct RequiredDocument: Hashable, Sendable, Codable {
  package var title: LocalizedText
  package var optional: Bool

  package init(title: LocalizedText, optional: Bool = false) {
    self.title = title
    self.optional = optional
  }
}

/// How long an application takes; what is `nil` is not stated.
package struct Process: Hashable, Sendable, Codable {
  package var steps: Int?
  /// Working days from complete documents to disbursement; 0 is the same day.
  package var workingDays: Int?
  package var documentCount: Int?
  package var note: LocalizedText?

  package init(steps: Int? = nil, workingDays: Int? = nil, documentCount: Int? = nil, note: LocalizedText? = nil) {
    self.steps = steps
    self.workingDays = workingDays
    self.documentCount = documentCount
    self.note = note
  }
}

/// The terms of one version of a product: everything an institution writes. A term that its source does not state is `nil`
/// or empty, never a guess.
package struct ProductTerms: Hashable, Sendable, Codable {
  package var institution: String
  package var instrument: Instrument
  package var title: LocalizedText
  package var summary: LocalizedText?
  package var features: [LocalizedText]
  package var amount: AmountRange?
  package var tenor: TenorRange?
  package var rate: InterestRate?
  package var fees: [Fee]
  package var securityModes: [SecurityMode]
  package var documents: [RequiredDocument]
  package var process: Process?
  package var eligibility: Predicate?
  package var serviceRegions: [String]
  package var customerClasses: [CustomerClass]
  package var effectiveFrom: BusinessDate?
  package var effectiveTo: BusinessDate?
  package var sources: [Source]
  /// Ids of products sold together with this one.
  package var bundle: [String]
  /// Programme attributes that policy packs know, e.g. `relending`.
  package var programmes: [String]

  package init(
    institution: String, instrument: Instrument, title: LocalizedText, summary: LocalizedText? = nil,
    features: [LocalizedText] = [], amount: AmountRange? = nil, tenor: TenorRange? = nil, rate: InterestRate? = nil,
    fees: [Fee] = [], securityModes: [SecurityMode] = [], documents: [RequiredDocument] = [], process: Process? = nil,
    eligibility: Predicate? = nil, serviceRegions: [String] = [], customerClasses: [CustomerClass] = [],
    effectiveFrom: BusinessDate? = nil, effectiveTo: BusinessDate? = nil, sources: [Source] = [], bundle: [String] = [],
    programmes: [String] = []
  ) {
    self.institution = institution
    self.instrument = instrument
    self.title = title
    self.summary = summary
    self.features = features
    self.amount = amount
    self.tenor = tenor
    self.rate = rate
    self.fees = fees
    self.securityModes = securityModes
    self.documents = documents
    self.process = process
    self.eligibility = eligibility
    self.serviceRegions = serviceRegions
    self.customerClasses = customerClasses
    self.effectiveFrom = effectiveFrom
    self.effectiveTo = effectiveTo
    self.sources = sources
    self.bundle = bundle
    self.programmes = programmes
  }
}

/// A product as the catalog keeps it: its latest terms, and where it stands.
package struct Product: Hashable, Sendable, Codable {
  package var id: String
  package var terms: ProductTerms
  /// 1 for the first; every change of the terms makes the next.
  package var version: Int
  /// The version in force or last in force; 0 when never published.
  package var publishedVersion: Int
  package var state: ProductState
  package var stateReason: String
  package var createTime: Instant
  package var updateTime: Instant
  /// Counts every change, of terms or of state; the etag is made from it.
  package var revision: Int64

  package init(
    id: String, terms: ProductTerms, version: Int = 1, publishedVersion: Int = 0, state: ProductState = .draft,
    stateReason: String = "", createTime: Instant, updateTime: Instant, revision: Int64 = 1
  ) {
    self.id = id
    self.terms = terms
    self.version = version
    self.publishedVersion = publishedVersion
    self.state = state
    self.stateReason = stateReason
    self.createTime = createTime
    self.updateTime = updateTime
    self.revision = revision
  }

  package static let collection = "products"
  package var name: String { "\(Self.collection)/\(id)" }
  package var etag: String { "\(revision)" }
}
