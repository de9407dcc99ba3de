package import CatalogDomain
package import Kernel
package import Protos
import RPCEdge

extension ProductTerms {
  /// Terms as a caller wrote them; the domain judges them afterwards.
  /// - Throws: what cannot be read, with its path below `field`.
  package init(_ proto: Huirong_Catalog_V1_Product, field: String = "product") throws(DomainError) {
    self.init(
      institution: try Reading.institution(proto.institution, "\(field).institution"),
      instrument: try Reading.value(proto.instrument.rawValue, as: Instrument.self, "\(field).instrument"),
      title: LocalizedText(proto.title), summary: proto.hasSummary ? LocalizedText(proto.summary) : nil,
      features: proto.features.map { LocalizedText($0) },
      amount: proto.hasAmount ? try AmountRange(proto.amount, "\(field).amount") : nil,
      tenor: proto.hasTenor ? try TenorRange(proto.tenor, "\(field).tenor") : nil,
      rate: proto.hasRate ? try InterestRate(proto.rate, "\(field).rate") : nil,
      fees: try Reading.each(proto.fees, "\(field).fees") { fee, path throws(DomainError) in try Fee(fee, path) },
      securityModes: try Reading.each(proto.securityModes, "\(field).security_modes") {
        mode, path throws(DomainError) in
        try Reading.value(mode.rawValue, as: SecurityMode.self, path)
      },
      documents: proto.documents.map { RequiredDocument($0) }, process: proto.hasProcess ? Process(proto.process) : nil,
      eligibility: proto.hasEligibility ? try Predicate(proto.eligibility, "\(field).eligibility") : nil,
      serviceRegions: proto.serviceRegions,
      customerClasses: try Reading.each(proto.customerClasses, "\(field).customer_classes") {
        customer, path throws(DomainError) in
        try Reading.value(customer.rawValue, as: CustomerClass.self, path)
      },
      effectiveFrom: proto.hasEffectiveFrom
        ? try BusinessDate(proto.effectiveFrom, field: "\(field).effective_from") : nil,
      effectiveTo: proto.hasEffectiveTo ? try BusinessDate(proto.effectiveTo, field: "\(field).effective_to") : nil,
      sources: proto.sources.map { Source($0) }, bundle: proto.bundle, programmes: proto.programmes,
      repaymentMethods: try Reading.each(proto.repaymentMethods, "\(field).repayment_methods") {
        method, path throws(DomainError) in
        try Reading.value(method.rawValue, as: RepaymentMethod.self, path)
      }, collateralKinds: proto.collateralKinds,
      marketing: proto.hasMarketing ? LocalizedText(proto.marketing) : nil,
      predecessor: proto.predecessor.isEmpty
        ? nil : try Reading.product(proto.predecessor, "\(field).predecessor"), pageURI: proto.pageUri,
      conditionsInWords: proto.conditionsInWords.map { LocalizedText($0) })
  }
}

extension Huirong_Catalog_V1_Product {
  package init(_ product: Product) {
    self.init(product.terms)
    name = product.name
    version = Int32(clamping: product.version)
    publishedVersion = Int32(clamping: product.publishedVersion)
    state = Huirong_Catalog_V1_ProductState(rawValue: product.publicState.rawValue) ?? .unspecified
    stateReason = product.stateReason
    createTime = .init(product.createTime)
    updateTime = .init(product.updateTime)
    etag = product.etag
    predecessorVersion = Int32(clamping: product.version - 1)
    if let stage = product.review { review = .init(stage) }
    if let period = product.inForce {
      publishTime = .init(period.publishTime)
      if let day = period.from { inForceFrom = .init(day) }
      if let day = period.to { inForceTo = .init(day) }
    }
    trackRecord = .init(product.record ?? .none)
  }

  /// A published version as matching knows it.
  init(_ offer: Offer) {
    self.init(offer.terms)
    name = "\(Product.collection)/\(offer.id)"
    version = Int32(clamping: offer.version)
    publishedVersion = version
    state = .published
    predecessorVersion = Int32(clamping: offer.version - 1)
    if let day = offer.window.from { inForceFrom = .init(day) }
    if let day = offer.window.to { inForceTo = .init(day) }
    trackRecord = .init(offer.record)
  }

  /// The terms alone.
  init(_ terms: ProductTerms) {
    self.init()
    institution = "\(Institution.collection)/\(terms.institution)"
    instrument = Huirong_Common_V1_Instrument(rawValue: terms.instrument.rawValue) ?? .unspecified
    title = .init(terms.title)
    if let text = terms.summary { summary = .init(text) }
    features = terms.features.map { .init($0) }
    if let range = terms.amount { amount = .init(range) }
    if let range = terms.tenor { tenor = .init(range) }
    if let interest = terms.rate { rate = .init(interest) }
    fees = terms.fees.map { .init($0) }
    securityModes = terms.securityModes.map { .init(rawValue: $0.rawValue) ?? .unspecified }
    documents = terms.documents.map { .init($0) }
    if let steps = terms.process { process = .init(steps) }
    if let tree = terms.eligibility { eligibility = .init(tree) }
    serviceRegions = terms.serviceRegions
    customerClasses = terms.customerClasses.map { .init(rawValue: $0.rawValue) ?? .unspecified }
    if let day = terms.effectiveFrom { effectiveFrom = .init(day) }
    if let day = terms.effectiveTo { effectiveTo = .init(day) }
    sources = terms.sources.map { .init($0) }
    bundle = terms.bundle
    programmes = terms.programmes
    repaymentMethods = terms.repaymentMethods.map { .init(rawValue: $0.rawValue) ?? .unspecified }
    collateralKinds = terms.collateralKinds
    if let text = terms.marketing { marketing = .init(text) }
    predecessor = terms.predecessor.map { "\(Product.collection)/\($0)" } ?? ""
    pageUri = terms.pageURI
    conditionsInWords = terms.conditionsInWords.map { .init($0) }
  }
}

extension Huirong_Catalog_V1_Review {
  init(_ review: Review) {
    self.init()
    state = .init(rawValue: review.state.rawValue) ?? .unspecified
    author = review.author
    submitter = review.submitter
    reviewer = review.reviewer
    note = review.note
    if let time = review.submitTime { submitTime = .init(time) }
    if let time = review.reviewTime { reviewTime = .init(time) }
  }
}

extension Huirong_Catalog_V1_TrackRecord {
  init(_ record: TrackRecord) {
    self.init()
    applications = record.applications
    granted = record.granted
  }
}
