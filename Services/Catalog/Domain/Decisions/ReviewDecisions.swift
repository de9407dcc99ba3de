package import Kernel

/// A person inside an organisation, as reviews name them.
package enum Officer {
  package static func name(_ caller: Caller) -> String { "\(caller.organisation)/\(caller.subject)" }
}

package enum ReviewVerdict: Int, Sendable, CaseIterable {
  case approve = 1
  case reject
}

extension ReviewState {
  package var key: String {
    switch self {
    case .notSubmitted: "NOT_SUBMITTED"
    case .submitted: "SUBMITTED"
    case .approved: "APPROVED"
    case .rejected: "REJECTED"
    }
  }
}

/// Four eyes between a version's author and its publication.
package enum ReviewDecisions {
  /// Hands the latest version in, after the conformance check.
  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` when handed in, approved, in force or withdrawn already,
  ///   `POLICY_CONDITION_FAILED` naming the field that breaks a rule.
  package static func submit(
    _ product: Product, institution: Institution, etag: String, limits: some PolicyLimitReading, caller: Caller,
    now: Instant
  ) throws(DomainError) -> Product {
    try Ownership.require(caller, maintains: product.terms.institution)
    try ProductDecisions.require(etag: etag, of: product)
    let day = try ProductDecisions.firstDay(of: product.terms, now)
    return try handIn(product, institution: institution, asOf: day, limits: limits, caller: caller, now: now)
  }

  static func handIn(
    _ product: Product, institution: Institution, asOf: BusinessDate, limits: some PolicyLimitReading, caller: Caller,
    now: Instant
  ) throws(DomainError) -> Product {
    try ProductDecisions.refuseWithdrawn(product)
    var review = product.review ?? Review(author: "")
    guard product.publishedVersion != product.version else {
      throw DomainError(.stateConflict, "version \(product.version) of \(product.name) was published already")
    }
    guard review.state == .notSubmitted || review.state == .rejected else {
      throw DomainError(.stateConflict, "version \(product.version) of \(product.name) is \(review.state.key) already")
    }
    do throws(DomainError) {
      _ = try Conformance.check(product.terms, institution: institution, asOf: asOf, limits: limits)
    } catch { throw error.within("product") }
    review.state = .submitted
    review.submitter = Officer.name(caller)
    review.submitTime = now
    review.reviewer = ""
    review.reviewTime = nil
    review.note = ""
    return changed(product, review, now)
  }

  /// Approves the version that was handed in, or sends it back.
  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` unless handed in, `SAME_OFFICER` for its author and for who
  ///   handed it in, `REQUIRED_FIELD_MISSING` for a rejection without a note.
  package static func review(
    _ product: Product, verdict: ReviewVerdict, note: String, etag: String, caller: Caller, now: Instant
  ) throws(DomainError) -> Product {
    try Ownership.require(caller, maintains: product.terms.institution)
    try ProductDecisions.require(etag: etag, of: product)
    try ProductDecisions.refuseWithdrawn(product)
    guard var review = product.review, review.state == .submitted else {
      throw DomainError(
        .stateConflict,
        "version \(product.version) of \(product.name) is \(product.review?.state.key ?? "NOT_SUBMITTED"), not SUBMITTED"
      )
    }
    let reviewer = Officer.name(caller)
    guard reviewer != review.submitter, reviewer != review.author else {
      throw DomainError(
        .sameOfficer, "\(reviewer) wrote or handed in version \(product.version); another person reviews it",
        metadata: ["resource": product.name, "officer": reviewer])
    }
    if verdict == .reject, note.isEmpty {
      throw DomainError(.requiredFieldMissing, "a rejection says why", field: "note")
    }
    try Text.limit(note, CatalogLimits.noteCharacters, "note")
    review.state = verdict == .approve ? .approved : .rejected
    review.reviewer = reviewer
    review.reviewTime = now
    review.note = note
    return changed(product, review, now)
  }

  private static func changed(_ product: Product, _ review: Review, _ now: Instant) -> Product {
    var changed = product
    changed.review = review
    ProductDecisions.touch(&changed, now)
    return changed
  }
}
