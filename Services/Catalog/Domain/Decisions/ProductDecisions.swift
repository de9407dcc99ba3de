package import Kernel

/// Every change of a product as a pure function of what was asked, what is stored, who asks and when.
package enum ProductDecisions {
  /// - Throws: `RESOURCE_EXISTS`, `RESOURCE_NOT_FOUND` for the institution, `OUT_OF_SCOPE`, and what `validate` throws with
  ///   paths under `product`.
  package static func create(
    id: String, terms: ProductTerms, institution: Institution?, existing: Product?, caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    guard ResourceName.isID(id) else { throw .invalid("product_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]") }
    try requireInstitution(institution, terms)
    try Ownership.require(caller, maintains: terms.institution)
    if existing != nil {
      throw DomainError(
        .resourceExists, "\(Product.collection)/\(id) already exists", field: "product_id",
        metadata: ["resource": "\(Product.collection)/\(id)"])
    }
    try validate(terms)
    return Product(id: id, terms: terms, createTime: now, updateTime: now)
  }

  /// New terms make a new version, which is in force only when published; equal terms change nothing.
  /// - Throws: `RESOURCE_NOT_FOUND`, `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` after withdrawal, and what `validate`
  ///   throws.
  package static func update(
    _ product: Product, terms: ProductTerms, etag: String, caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    try Ownership.require(caller, maintains: product.terms.institution)
    try require(etag: etag, of: product)
    return try revise(product, terms: terms, now: now)
  }

  static func revise(_ product: Product, terms: ProductTerms, now: Instant) throws(DomainError) -> Product {
    try refuseWithdrawn(product)
    guard terms.institution == product.terms.institution else {
      throw .invalid("product.institution", "a product stays with institutions/\(product.terms.institution)")
    }
    try validate(terms)
    if terms == product.terms { return product }
    var changed = product
    changed.terms = terms
    changed.version += 1
    touch(&changed, now)
    return changed
  }

  /// Puts the latest version in force after the conformance check.
  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` when already in force or withdrawn, `POLICY_CONDITION_FAILED`
  ///   naming the field that breaks a rule.
  package static func publish(
    _ product: Product, institution: Institution, etag: String, asOf: BusinessDate, caps: some FeeCapReading,
    caller: Caller, now: Instant
  ) throws(DomainError) -> Publication {
    try Ownership.require(caller, maintains: product.terms.institution)
    try require(etag: etag, of: product)
    return try release(product, institution: institution, asOf: asOf, caps: caps, now: now)
  }

  static func release(
    _ product: Product, institution: Institution, asOf: BusinessDate, caps: some FeeCapReading, now: Instant
  ) throws(DomainError) -> Publication {
    try refuseWithdrawn(product)
    if product.state == .published, product.publishedVersion == product.version {
      throw DomainError(.stateConflict, "version \(product.version) of \(product.name) is already in force")
    }
    let citations: [RuleCitation]
    do {
      citations = try Conformance.check(product.terms, institution: institution, asOf: asOf, caps: caps)
    } catch {
      throw error.within("product")
    }
    var changed = product
    changed.publishedVersion = product.version
    changed.state = .published
    changed.stateReason = ""
    touch(&changed, now)
    return Publication(product: changed, citations: citations)
  }

  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` unless published, `REQUIRED_FIELD_MISSING` without a reason.
  package static func suspend(
    _ product: Product, reason: String, etag: String, caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    try Ownership.require(caller, maintains: product.terms.institution)
    try require(etag: etag, of: product)
    guard product.state == .published else {
      throw DomainError(.stateConflict, "\(product.name) is \(product.state.key), not PUBLISHED")
    }
    return try end(product, .suspended, reason, now)
  }

  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` when already withdrawn, `REQUIRED_FIELD_MISSING` without a
  ///   reason.
  package static func withdraw(
    _ product: Product, reason: String, etag: String, caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    try Ownership.require(caller, maintains: product.terms.institution)
    try require(etag: etag, of: product)
    try refuseWithdrawn(product)
    return try end(product, .withdrawn, reason, now)
  }

  private static func end(
    _ product: Product, _ state: ProductState, _ reason: String, _ now: Instant
  ) throws(DomainError) -> Product {
    guard !reason.isEmpty else { throw DomainError(.requiredFieldMissing, "a reason is required", field: "reason") }
    try Text.limit(reason, CatalogLimits.noteCharacters, "reason")
    var changed = product
    changed.state = state
    changed.stateReason = reason
    touch(&changed, now)
    return changed
  }

  static func requireInstitution(_ institution: Institution?, _ terms: ProductTerms) throws(DomainError) {
    guard institution != nil else {
      var error = DomainError.notFound("\(Institution.collection)/\(terms.institution)")
      error.field = "product.institution"
      throw error
    }
  }

  private static func require(etag: String, of product: Product) throws(DomainError) {
    if etag.isEmpty { throw DomainError(.requiredFieldMissing, "the etag the change is based on", field: "etag") }
    if etag != product.etag {
      throw DomainError(
        .etagMismatch, "\(product.name) has changed since: its etag is \(product.etag), not \(etag.prefix(32))",
        field: "etag", metadata: ["resource": product.name, "current_etag": product.etag])
    }
  }

  private static func refuseWithdrawn(_ product: Product) throws(DomainError) {
    if product.state == .withdrawn {
      throw DomainError(.stateConflict, "\(product.name) is withdrawn for good")
    }
  }

  private static func validate(_ terms: ProductTerms) throws(DomainError) {
    do { try terms.validate() } catch { throw error.within("product") }
  }

  private static func touch(_ product: inout Product, _ now: Instant) {
    product.revision += 1
    product.updateTime = max(now, product.updateTime)
  }
}

/// A product in force, and the rules it was held to.
package struct Publication: Sendable {
  package let product: Product
  package let citations: [RuleCitation]

  package init(product: Product, citations: [RuleCitation]) {
    self.product = product
    self.citations = citations
  }
}
