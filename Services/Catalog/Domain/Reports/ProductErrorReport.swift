package import Kernel

/// Where a report stands. Open → accepted → corrected, open → corrected, or open or accepted → rejected.
package enum ErrorReportState: Int, Sendable, Codable, CaseIterable {
  case open = 1
  case accepted, corrected, rejected

  package var key: String {
    switch self {
    case .open: "OPEN"
    case .accepted: "ACCEPTED"
    case .corrected: "CORRECTED"
    case .rejected: "REJECTED"
    }
  }
}

/// Somebody's word that a product's data is wrong, and what became of it.
package struct ProductErrorReport: Hashable, Sendable, Codable {
  package var id: String
  package var product: String
  package var institution: String
  package var version: Int
  package var field: String
  package var text: String
  package var expected: String
  /// Organisation that reported it.
  package var reporter: String
  package var state: ErrorReportState
  package var answer: String
  package var correctedVersion: Int
  package var answeredBy: String
  package var createTime: Instant
  package var updateTime: Instant
  package var revision: Int64

  package static let collection = "errorReports"
  package var name: String { "\(Self.collection)/\(id)" }
  package var etag: String { "\(revision)" }
}

/// A report as its writer hands it in.
package struct ProductErrorDraft: Sendable {
  package let id: String
  package let product: String
  /// 0 is the latest.
  package let version: Int
  package let field: String
  package let text: String
  package let expected: String

  package init(id: String, product: String, version: Int, field: String, text: String, expected: String) {
    self.id = id
    self.product = product
    self.version = version
    self.field = field
    self.text = text
    self.expected = expected
  }
}

package struct ProductErrorAnswer: Sendable {
  package let state: ErrorReportState
  package let text: String
  package let correctedVersion: Int

  package init(state: ErrorReportState, text: String, correctedVersion: Int) {
    self.state = state
    self.text = text
    self.correctedVersion = correctedVersion
  }
}

package struct ErrorReportFilter: Hashable, Sendable {
  package var product: String?
  package var institution: String?
  package var state: ErrorReportState?
  package var reporter: String?

  package init(
    product: String? = nil, institution: String? = nil, state: ErrorReportState? = nil, reporter: String? = nil
  ) {
    self.product = product
    self.institution = institution
    self.state = state
    self.reporter = reporter
  }
}

/// Reporting and answering.
package enum ErrorReportDecisions {
  /// - Throws: `REQUIRED_FIELD_MISSING` or `INVALID_ARGUMENT` naming the field; `RESOURCE_NOT_FOUND` for a version that does
  ///   not exist.
  package static func report(
    _ draft: ProductErrorDraft, product: Product, caller: Caller, now: Instant
  ) throws(DomainError) -> ProductErrorReport {
    guard (0...product.version).contains(draft.version) else {
      throw DomainError(
        .resourceNotFound, "\(product.name) has no version \(draft.version)", field: "version",
        metadata: ["resource": product.name])
    }
    guard ProductFields.all.contains(Substring(draft.field).prefix { $0 != "." && $0 != "[" }.description) else {
      throw .invalid("field", "a field of a product, such as \"rate\" or \"fees[0].rate\"")
    }
    try Text.limit(draft.field, CatalogLimits.titleCharacters, "field")
    if draft.text.isEmpty { throw DomainError(.requiredFieldMissing, "what is wrong", field: "description") }
    try Text.limit(draft.text, CatalogLimits.summaryCharacters, "description")
    try Text.limit(draft.expected, CatalogLimits.noteCharacters, "expected")
    return ProductErrorReport(
      id: draft.id, product: product.id, institution: product.terms.institution,
      version: draft.version == 0 ? product.version : draft.version, field: draft.field, text: draft.text,
      expected: draft.expected, reporter: caller.organisation, state: .open, answer: "", correctedVersion: 0,
      answeredBy: "", createTime: now, updateTime: now, revision: 1)
  }

  /// - Throws: `OUT_OF_SCOPE`, `ETAG_MISMATCH`, `STATE_CONFLICT` for an answer out of order, and what is missing of it.
  package static func answer(
    _ report: ProductErrorReport, _ answer: ProductErrorAnswer, product: Product, etag: String, caller: Caller,
    now: Instant
  ) throws(DomainError) -> ProductErrorReport {
    try Ownership.require(caller, maintains: report.institution)
    if etag.isEmpty { throw DomainError(.requiredFieldMissing, "the etag the answer is based on", field: "etag") }
    if etag != report.etag {
      throw DomainError(
        .etagMismatch, "\(report.name) has changed since: its etag is \(report.etag)", field: "etag",
        metadata: ["resource": report.name, "current_etag": report.etag])
    }
    let isAllowed =
      switch (report.state, answer.state) {
      case (.open, .accepted), (.open, .corrected), (.open, .rejected), (.accepted, .corrected), (.accepted, .rejected):
        true
      default: false
      }
    guard isAllowed else {
      throw DomainError(
        .stateConflict, "a report that is \(report.state.key) does not become \(answer.state.key)", field: "state")
    }
    try Text.limit(answer.text, CatalogLimits.summaryCharacters, "answer")
    if answer.state == .rejected, answer.text.isEmpty {
      throw DomainError(.requiredFieldMissing, "a rejection says why", field: "answer")
    }
    if answer.state == .corrected {
      guard answer.correctedVersion > report.version, answer.correctedVersion <= product.version else {
        throw .invalid(
          "corrected_version", "a version after \(report.version) and up to \(product.version), which corrects it")
      }
    } else if answer.correctedVersion != 0 {
      throw .invalid("corrected_version", "only with CORRECTED")
    }
    var changed = report
    changed.state = answer.state
    changed.answer = answer.text
    changed.correctedVersion = answer.correctedVersion
    changed.answeredBy = Officer.name(caller)
    changed.updateTime = max(now, report.updateTime)
    changed.revision += 1
    return changed
  }
}

/// Names of a product's own fields on the wire.
package enum ProductFields {
  package static let all: Set<String> = [
    "institution", "instrument", "title", "summary", "features", "amount", "tenor", "rate", "fees", "security_modes",
    "documents", "process", "eligibility", "service_regions", "customer_classes", "effective_from", "effective_to",
    "sources", "bundle", "programmes", "repayment_methods", "collateral_kinds", "marketing", "predecessor", "page_uri",
    "conditions_in_words",
  ]
}
