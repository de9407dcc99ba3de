package import Kernel

/// One row of an import, as the edge read it: terms, or the error that kept them from being read.
package struct ImportRow: Sendable {
  package let id: String
  package let terms: Result<ProductTerms, DomainError>
  /// Entered as a draft, however far the import goes with the others.
  package var isHeldBack = false

  package init(id: String, terms: Result<ProductTerms, DomainError>) {
    self.id = id
    self.terms = terms
  }
}

package enum ImportOutcome: Int, Sendable {
  case created = 1
  case updated, unchanged, refused
}

/// What became of a row.
package struct ImportResult: Sendable {
  package let row: Int
  package let outcome: ImportOutcome
  package let id: String
  package let version: Int
  /// `nil` when refused.
  package let state: ProductState?
  package let error: DomainError?

  package init(
    row: Int, outcome: ImportOutcome, id: String, version: Int, state: ProductState? = nil, error: DomainError? = nil
  ) {
    self.state = state
    self.row = row
    self.outcome = outcome
    self.id = id
    self.version = version
    self.error = error
  }
}

/// What a row decides to store: the product, and the events that say so, each with the product as it left it.
package struct ImportEffect: Sendable {
  package let product: Product
  package let outcome: ImportOutcome
  package let events: [(kind: CatalogEventKind, product: Product)]
}

/// How far an import goes with an accepted row. None goes further: whoever imports, a second person approves.
package enum ImportGoal: Sendable {
  /// Drafts.
  case enter
  /// Hands in for review, as of a day.
  case submit(BusinessDate)
}

/// Decides one row on its own: the institution's right, the terms, and handing in when asked for.
package enum ImportDecision {
  /// - Throws: whatever refuses the row; nothing of it is stored then.
  package static func decide(
    _ row: ImportRow, institution: Institution?, existing: Product?, goal: ImportGoal, limits: some PolicyLimitReading,
    caller: Caller, now: Instant
  ) throws(DomainError) -> ImportEffect {
    guard ResourceName.isID(row.id) else {
      throw .invalid("product_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]")
    }
    let terms = try row.terms.get()
    let institution = try ProductDecisions.requireInstitution(institution, terms)
    var events: [(kind: CatalogEventKind, product: Product)] = []
    var product: Product
    // An old text enters under the limits of its own day.
    let held = DatedLimits(limits: limits, asOf: goal.day)
    if let existing {
      try Ownership.require(caller, maintains: existing.terms.institution)
      product = try ProductDecisions.revise(
        existing, terms: terms, institution: institution, limits: held, caller: caller, now: now)
      if product != existing { events.append((.productUpdated, product)) }
    } else {
      product = try ProductDecisions.create(
        id: row.id, terms: terms, institution: institution, existing: nil, limits: held, caller: caller, now: now)
      events.append((.productCreated, product))
    }
    let isInForce = product.state == .published && product.publishedVersion == product.version
    switch row.isHeldBack ? .enter : goal {
    case .enter: break
    case .submit(let day):
      if !isInForce, product.review?.state != .submitted, product.review?.state != .approved {
        product = try ReviewDecisions.handIn(
          product, institution: institution, asOf: day, limits: limits, caller: caller, now: now)
        events.append((.productSubmitted, product))
      }
    }
    let outcome: ImportOutcome = existing == nil ? .created : events.isEmpty ? .unchanged : .updated
    return ImportEffect(product: product, outcome: outcome, events: events)
  }
}

extension ImportGoal {
  fileprivate var day: BusinessDate? {
    switch self {
    case .enter: nil
    case .submit(let day): day
    }
  }
}

/// Limits as of one day, whatever day is asked for.
private struct DatedLimits<Limits: PolicyLimitReading>: PolicyLimitReading {
  let limits: Limits
  let asOf: BusinessDate?

  func cap(_ question: FeeCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? {
    try limits.cap(question, on: asOf ?? date)
  }

  func rateCap(_ question: RateCapQuestion, on date: BusinessDate) throws(DomainError) -> FeeCap? {
    try limits.rateCap(question, on: asOf ?? date)
  }
}
