package import Kernel

/// How far a caller sees into what is not published: drafts, versions on their way through review, and the record of reviews.
/// Whoever sees no further gets every product that was ever published in its published version, and the others not at all.
package enum Sight: Hashable, Sendable {
  /// Who reviews for the platform and who supervises.
  case everything
  /// An institution: everything of its own products.
  case own(institution: String)
  case published

  package init(_ caller: Caller) {
    switch caller.role {
    case .operator, .regulator: self = .everything
    case .institution: self = .own(institution: caller.organisation)
    case .enterprise, .gridWorker, .adviser, .analyst, .service: self = .published
    }
  }

  /// Whether it reaches what an institution has not published.
  package func reaches(_ institution: String) -> Bool {
    switch self {
    case .everything: true
    case .own(let own): own == institution
    case .published: false
    }
  }

  /// One version as it may be seen: whole, without the record of its review, or not at all (`nil`).
  package func view(_ product: Product) -> Product? {
    if reaches(product.terms.institution) { return product }
    guard product.isPublishedVersion else { return nil }
    var seen = product
    seen.review = nil
    return seen
  }
}

extension Product {
  /// Whether these terms are or were in force, or will be on a day that is fixed. Events of before there were reviews do not
  /// tell the days.
  package var isPublishedVersion: Bool { inForce != nil || (publishedVersion > 0 && publishedVersion == version) }

  /// Published terms that stand where another state of the product stands: what an event of a later draft leaves visible.
  package func standing(as other: Product) -> Product {
    var seen = self
    seen.state = other.state
    seen.stateReason = other.stateReason
    seen.publishedVersion = other.publishedVersion
    seen.updateTime = other.updateTime
    seen.revision = other.revision
    seen.record = other.record
    return seen
  }
}

extension CatalogEventKind {
  /// Whether it is of no concern to who sees only what is published: steps before publication.
  package var isBeforePublication: Bool {
    switch self {
    case .productCreated, .productUpdated, .productSubmitted, .productApproved, .productRejected: true
    case .productPublished, .productRecorded, .productSuspended, .productWithdrawn, .institutionCreated,
      .institutionUpdated, .referenceRateRecorded, .noticePublished, .noticeWithdrawn, .noticeAcknowledged,
      .errorReportCreated, .errorReportAnswered:
      false
    }
  }
}

extension ProductErrorReport {
  /// Reports are read by the institution they are about, by who made them, and by who supervises.
  package func isFor(_ caller: Caller) -> Bool {
    switch caller.role {
    case .operator, .regulator, .analyst, .service: true
    case .institution: caller.organisation == institution || caller.organisation == reporter
    case .enterprise, .gridWorker, .adviser: caller.organisation == reporter
    }
  }
}
