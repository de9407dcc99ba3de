import CatalogDomain
import Kernel
import Protos
import RPCEdge

extension Huirong_Catalog_V1_Match {
  init(_ match: MatchedOffer, rank: Int, withDetails: Bool) {
    self.init()
    self.rank = Int32(clamping: rank)
    product = "\(Product.collection)/\(match.offer.id)"
    version = Int32(clamping: match.offer.version)
    institution = "\(Institution.collection)/\(match.offer.terms.institution)"
    title = .init(match.offer.terms.title)
    instrument = .init(rawValue: match.offer.terms.instrument.rawValue) ?? .unspecified
    score = .init(match.score)
    if let ppm = match.allInPPM { allInRate = .init(Rate(ppm: ppm)) }
    if withDetails { details = .init(match.offer) }
  }
}

extension Huirong_Catalog_V1_Score {
  init(_ score: Score) {
    self.init()
    total = Int32(score.total)
    fit = Int32(score.fit)
    cost = Int32(score.cost)
    speed = Int32(score.speed)
    fitSecurity = Int32(score.security)
    fitAmount = Int32(score.amount)
    fitTenor = Int32(score.tenor)
    success = Int32(score.success)
  }
}

extension Huirong_Catalog_V1_Ineligibility {
  init(_ refusal: Refusal) {
    self.init()
    product = "\(Product.collection)/\(refusal.offer.id)"
    version = Int32(clamping: refusal.offer.version)
    institution = "\(Institution.collection)/\(refusal.offer.terms.institution)"
    title = .init(refusal.offer.terms.title)
    failed = refusal.failed.map { .init($0) }
    smallestChange = refusal.change.steps.map { .init($0) }
    unfixable = refusal.change.unfixable
    changeIsMinimal = refusal.change.minimal
  }
}

extension Huirong_Catalog_V1_FailedCondition {
  init(_ condition: FailedCondition) {
    self.init()
    path = condition.path
    required = condition.required
    actual = condition.actual
    if let missing = condition.shortfall { shortfall = missing }
    unknown = condition.unknown
  }
}

extension Huirong_Catalog_V1_Change {
  init(_ step: SmallestChange.Step) {
    self.init()
    attribute = step.variable.key
    from = step.variable.text(step.from) ?? ""
    to = step.variable.text(step.to) ?? ""
    changeClass = .init(rawValue: step.variable.changeClass.rawValue) ?? .unspecified
  }
}

extension Huirong_Catalog_V1_AnnualCost {
  init(_ cost: AnnualCost, product: Product, withSchedule: Bool = false) {
    self.init()
    self.product = product.name
    version = Int32(clamping: product.version)
    days = Int32(clamping: cost.days)
    items = cost.items.map { item in
      var proto = Huirong_Catalog_V1_CostItem()
      proto.kind = item.kind
      proto.low = .init(item.low)
      proto.high = .init(item.high)
      proto.basis = item.basis
      return proto
    }
    totalLow = .init(cost.totalLow)
    totalHigh = .init(cost.totalHigh)
    annualRateLow = .init(cost.annualLow)
    annualRateHigh = .init(cost.annualHigh)
    notStated = cost.notStated
    if let rate = cost.reference { referenceRate = .init(rate) }
    repayment = .init(rawValue: cost.repayment.rawValue) ?? .unspecified
    if let rate = cost.internalLow { internalRateLow = .init(rate) }
    if let rate = cost.internalHigh { internalRateHigh = .init(rate) }
    contingent = cost.contingent
    if withSchedule { schedule = cost.schedule.map { .init($0) } }
  }
}

extension Huirong_Catalog_V1_CashFlow {
  init(_ flow: CashFlow) {
    self.init()
    date = .init(flow.date)
    principal = .init(flow.principal)
    interest = .init(flow.interest)
    fees = .init(flow.fees)
    balance = .init(flow.balance)
  }
}

extension Huirong_Common_V1_Citation {
  init(_ citation: RuleCitation) {
    self.init()
    ruleID = citation.ruleID
    document = citation.document
    article = citation.article
    quote = citation.quote
  }
}

extension Huirong_Catalog_V1_WatchProductsResponse {
  /// - Parameter subject: what of it the follower may see.
  init(_ event: CatalogEvent, about subject: CatalogEvent.Subject) {
    self.init()
    header = .init(event)
    switch subject {
    case .product(let product): self.product = .init(product)
    case .institution(let institution): self.institution = .init(institution)
    case .referenceRate(let rate): referenceRate = .init(rate)
    case .notice(let notice): self.notice = .init(notice)
    case .errorReport(let report): errorReport = .init(report)
    }
  }
}

extension Huirong_Common_V1_EventHeader {
  init(_ event: CatalogEvent) {
    self.init()
    sequence = event.sequence
    commitTimeMicros = event.commitTime.microseconds
    type = event.type
    subject = event.name
    actor = event.actor
    hash = .init(event.hash)
  }
}

extension Huirong_Common_V1_ChainReport {
  init(_ report: ChainVerification) {
    self.init()
    entries = report.entries
    intact = report.intact
    firstBadSequence = report.firstBadSequence
    headHash = .init(report.headHash)
    chain = report.chain
  }
}
