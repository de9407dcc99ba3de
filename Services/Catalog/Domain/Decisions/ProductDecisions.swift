package import Kernel

/// Every change of a product as a pure function of what was asked, what is stored, who asks and when.
package enum ProductDecisions {
  /// - Throws: `RESOURCE_EXISTS`, `RESOURCE_NOT_FOUND` for the institution, `OUT_OF_SCOPE`, and what `check` throws with paths
  ///   under `product`.
  package static func create(
    id: String, terms: ProductTerms, institution: Institution?, existing: Product?, limits: some PolicyLimitReading,
    caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    guard ResourceName.isID(id) else { throw .invalid("product_id", "an id has 1 to 64 characters of [A-Za-z0-9._~-]") }
    let institution = try requireInstitution(institution, terms)
    try Ownership.require(caller, maintains: terms.institution)
    if existing != nil {
      throw DomainError(
        .resourceExists, "\(Product.collection)/\(id) already exists", field: "product_id",
        metadata: ["resource": "\(Product.collection)/\(id)"])
    }
    if terms.predecessor == id { throw .invalid("product.predecessor", "a product does not take its own place") }
    try check(terms, institution, limits, now)
    return Product(
      id: id, terms: terms, createTime: now, updateTime: now, review: Review(author: Officer.name(caller)))
  }

  /// New terms make a new version, which is in force only when published; equal terms change nothing.
  /// - Throws: `RESOURCE_NOT_FOUND`, `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` after withdrawal, and what `check`
  ///   throws.
  package static func update(
    _ product: Product, terms: ProductTerms, institution: Institution, etag: String, limits: some PolicyLimitReading,
    caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    try Ownership.require(caller, maintains: product.terms.institution)
    try require(etag: etag, of: product)
    return try revise(product, terms: terms, institution: institution, limits: limits, caller: caller, now: now)
  }

  static func revise(
    _ product: Product, terms: ProductTerms, institution: Institution, limits: some PolicyLimitReading, caller: Caller,
    now: Instant
  ) throws(DomainError) -> Product {
    try refuseWithdrawn(product)
    guard terms.institution == product.terms.institution else {
      throw .invalid("product.institution", "a product stays with institutions/\(product.terms.institution)")
    }
    if terms.predecessor == product.id {
      throw .invalid("product.predecessor", "a product does not take its own place")
    }
    try check(terms, institution, limits, now)
    if terms == product.terms { return product }
    var changed = product
    changed.terms = terms
    changed.version += 1
    changed.review = Review(author: Officer.name(caller))
    changed.inForce = nil
    touch(&changed, now)
    return changed
  }

  /// Puts the latest version in force after the conformance check. It must have been approved by a second person, unless it
  /// was in force before and comes back from suspension.
  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` when not approved, already in force or withdrawn,
  ///   `POLICY_CONDITION_FAILED` naming the field that breaks a rule.
  package static func publish(
    _ product: Product, institution: Institution, etag: String, asOf: BusinessDate, limits: some PolicyLimitReading,
    caller: Caller, now: Instant
  ) throws(DomainError) -> Publication {
    try Ownership.require(caller, maintains: product.terms.institution)
    try require(etag: etag, of: product)
    if product.publishedVersion != product.version, product.review?.state != .approved {
      throw DomainError(
        .stateConflict,
        "version \(product.version) of \(product.name) is to be submitted and approved by a second person first",
        metadata: ["resource": product.name, "review_state": product.review?.state.key ?? "NOT_SUBMITTED"])
    }
    return try release(product, institution: institution, asOf: asOf, limits: limits, now: now)
  }

  static func release(
    _ product: Product, institution: Institution, asOf: BusinessDate, limits: some PolicyLimitReading, now: Instant
  ) throws(DomainError) -> Publication {
    try refuseWithdrawn(product)
    if product.state == .published, product.publishedVersion == product.version {
      throw DomainError(.stateConflict, "version \(product.version) of \(product.name) is already in force")
    }
    let citations: [RuleCitation]
    do throws(DomainError) {
      citations = try Conformance.check(product.terms, institution: institution, asOf: asOf, limits: limits)
    } catch {
      throw error.within("product")
    }
    var changed = product
    if product.publishedVersion != product.version {
      // The first version without a date of its own has always been in force; a later one begins on its day, because it
      // ends the one before.
      let from = product.terms.effectiveFrom ?? (product.publishedVersion == 0 ? nil : asOf)
      changed.inForce = InForce(publishTime: now, from: from, to: product.terms.effectiveTo)
    }
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

  static func requireInstitution(
    _ institution: Institution?, _ terms: ProductTerms
  ) throws(DomainError) -> Institution {
    if let institution { return institution }
    var error = DomainError.notFound("\(Institution.collection)/\(terms.institution)")
    error.field = "product.institution"
    throw error
  }

  static func require(etag: String, of product: Product) throws(DomainError) {
    if etag.isEmpty { throw DomainError(.requiredFieldMissing, "the etag the change is based on", field: "etag") }
    if etag != product.etag {
      throw DomainError(
        .etagMismatch, "\(product.name) has changed since: its etag is \(product.etag), not \(etag.prefix(32))",
        field: "etag", metadata: ["resource": product.name, "current_etag": product.etag])
    }
  }

  /// The day the terms begin: their own, or today.
  static func firstDay(of terms: ProductTerms, _ now: Instant) throws(DomainError) -> BusinessDate {
    if let from = terms.effectiveFrom { return from }
    return try now.shanghaiDate()
  }

  static func refuseWithdrawn(_ product: Product) throws(DomainError) {
    if product.state == .withdrawn {
      throw DomainError(.stateConflict, "\(product.name) is withdrawn for good")
    }
  }

  /// Well formed, and inside the limits that policy sets on the day the terms begin.
  private static func check(
    _ terms: ProductTerms, _ institution: Institution, _ limits: some PolicyLimitReading, _ now: Instant
  ) throws(DomainError) {
    let day = try firstDay(of: terms, now)
    do throws(DomainError) {
      try terms.validate()
      _ = try Conformance.hold(terms, institution: institution, asOf: day, limits: limits)
    } catch { throw error.within("product") }
  }

  static func touch(_ product: inout Product, _ now: Instant) {
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
