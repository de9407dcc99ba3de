package import Kernel

/// One row of an import, as the edge read it: terms, or the error that kept them from being read.
package struct ImportRow: Sendable {
  package let id: String
  package let terms: Result<ProductTerms, DomainError>

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
  package let error: DomainError?

  package init(row: Int, outcome: ImportOutcome, id: String, version: Int, error: DomainError? = nil) {
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

/// Decides one row on its own: the institution's right, the terms, and publication when asked for.
package enum ImportDecision {
  /// - Throws: whatever refuses the row; nothing of it is stored then.
  package static func decide(
    _ row: ImportRow, institution: Institution?, existing: Product?, publishAsOf: BusinessDate?,
    caps: some FeeCapReading, caller: Caller, now: Instant
  ) throws(DomainError) -> ImportEffect {
    guard ResourceName.isID(row.id) else {
      throw .invalid("product_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]")
    }
    let terms = try row.terms.get()
    try ProductDecisions.requireInstitution(institution, terms)
    guard let institution else { throw .notFound(terms.institution) }
    var events: [(kind: CatalogEventKind, product: Product)] = []
    var product: Product
    if let existing {
      try Ownership.require(caller, maintains: existing.terms.institution)
      product = try ProductDecisions.revise(existing, terms: terms, now: now)
      if product != existing { events.append((.productUpdated, product)) }
    } else {
      product = try ProductDecisions.create(
        id: row.id, terms: terms, institution: institution, existing: nil, caller: caller, now: now)
      events.append((.productCreated, product))
    }
    if let publishAsOf, product.state != .published || product.publishedVersion != product.version {
      product =
        try ProductDecisions.release(
          product, institution: institution, asOf: publishAsOf, caps: caps, now: now
        ).product
      events.append((.productPublished, product))
    }
    let outcome: ImportOutcome = existing == nil ? .created : events.isEmpty ? .unchanged : .updated
    return ImportEffect(product: product, outcome: outcome, events: events)
  }
}
