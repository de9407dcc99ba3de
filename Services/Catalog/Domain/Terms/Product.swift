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
  @OrEmpty package var repaymentMethods: [RepaymentMethod]
  /// What may be pledged or mortgaged, in the words of a firm's collateral.
  @OrEmpty package var collateralKinds: [String]
  package var marketing: LocalizedText?
  /// Id of the product this one takes the place of.
  package var predecessor: String?
  /// The institution's own page about it.
  @OrEmpty package var pageURI: String
  /// Conditions that no machine decides.
  @OrEmpty package var conditionsInWords: [LocalizedText]

  package init(
    institution: String, instrument: Instrument, title: LocalizedText, summary: LocalizedText? = nil,
    features: [LocalizedText] = [], amount: AmountRange? = nil, tenor: TenorRange? = nil, rate: InterestRate? = nil,
    fees: [Fee] = [], securityModes: [SecurityMode] = [], documents: [RequiredDocument] = [], process: Process? = nil,
    eligibility: Predicate? = nil, serviceRegions: [String] = [], customerClasses: [CustomerClass] = [],
    effectiveFrom: BusinessDate? = nil, effectiveTo: BusinessDate? = nil, sources: [Source] = [], bundle: [String] = [],
    programmes: [String] = [], repaymentMethods: [RepaymentMethod] = [], collateralKinds: [String] = [],
    marketing: LocalizedText? = nil, predecessor: String? = nil, pageURI: String = "",
    conditionsInWords: [LocalizedText] = []
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
    _repaymentMethods = OrEmpty(wrappedValue: repaymentMethods)
    _collateralKinds = OrEmpty(wrappedValue: collateralKinds)
    self.marketing = marketing
    self.predecessor = predecessor
    _pageURI = OrEmpty(wrappedValue: pageURI)
    _conditionsInWords = OrEmpty(wrappedValue: conditionsInWords)
  }
}

/// Who wrote, handed in and reviewed a version. People are `organisation/subject`.
package struct Review: Hashable, Sendable, Codable {
  package var state: ReviewState
  package var author: String
  package var submitter: String
  package var reviewer: String
  package var note: String
  package var submitTime: Instant?
  package var reviewTime: Instant?

  package init(
    state: ReviewState = .notSubmitted, author: String, submitter: String = "", reviewer: String = "",
    note: String = "", submitTime: Instant? = nil, reviewTime: Instant? = nil
  ) {
    self.state = state
    self.author = author
    self.submitter = submitter
    self.reviewer = reviewer
    self.note = note
    self.submitTime = submitTime
    self.reviewTime = reviewTime
  }
}

/// When a version was published, and the days it is or was in force.
package struct InForce: Hashable, Sendable, Codable {
  package var publishTime: Instant
  /// `nil` is always.
  package var from: BusinessDate?
  /// Its own end, or the day before the next published version began; `nil` is open.
  package var to: BusinessDate?

  package init(publishTime: Instant, from: BusinessDate?, to: BusinessDate?) {
    self.publishTime = publishTime
    self.from = from
    self.to = to
  }
}

/// How applications for a product have ended.
package struct TrackRecord: Hashable, Sendable, Codable {
  package var applications: Int64
  package var granted: Int64

  package init(applications: Int64 = 0, granted: Int64 = 0) {
    self.applications = applications
    self.granted = granted
  }

  package static let none = TrackRecord()
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
  /// Of the version that `version` names; `nil` for versions of before there were reviews.
  package var review: Review?
  /// `nil` when that version was never published.
  package var inForce: InForce?
  package var record: TrackRecord?

  package init(
    id: String, terms: ProductTerms, version: Int = 1, publishedVersion: Int = 0, state: ProductState = .draft,
    stateReason: String = "", createTime: Instant, updateTime: Instant, revision: Int64 = 1, review: Review? = nil,
    inForce: InForce? = nil, record: TrackRecord? = nil
  ) {
    self.review = review
    self.inForce = inForce
    self.record = record
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

  /// The state as callers see it: a product that was never published stands where its latest version stands.
  package var publicState: ProductState {
    guard state == .draft else { return state }
    switch review?.state {
    case .submitted: return .submitted
    case .approved: return .reviewed
    case .notSubmitted, .rejected, nil: return .draft
    }
  }
}
