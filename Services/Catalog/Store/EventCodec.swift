import CatalogDomain
import Kernel
import Storage

/// Events of the log: what they are about travels whole, so that a follower needs no second question.
enum EventCodec {
  static func append(_ kind: CatalogEventKind, _ product: Product, actor: String, _ session: WriteSession) throws {
    try append(kind, subject: product.name, payload: try JSON.encode(product), actor: actor, session)
  }

  static func append(
    _ kind: CatalogEventKind, _ institution: Institution, actor: String, _ session: WriteSession
  ) throws {
    try append(kind, subject: institution.name, payload: try JSON.encode(institution), actor: actor, session)
  }

  static func append(_ kind: CatalogEventKind, _ notice: PolicyNotice, actor: String, _ session: WriteSession) throws {
    try append(kind, subject: notice.name, payload: try JSON.encode(notice), actor: actor, session)
  }

  static func append(
    _ kind: CatalogEventKind, _ report: ProductErrorReport, actor: String, _ session: WriteSession
  ) throws {
    try append(kind, subject: report.name, payload: try JSON.encode(report), actor: actor, session)
  }

  static func append(_ rate: ReferenceRate, actor: String, _ session: WriteSession) throws {
    let basis = rate.basis == .lpr1Y ? "lpr-1y" : "lpr-5y"
    try append(
      .referenceRateRecorded, subject: "referenceRates/\(basis)-\(rate.effectiveFrom)", payload: try JSON.encode(rate),
      actor: actor, session)
  }

  private static func append(
    _ kind: CatalogEventKind, subject: String, payload: [UInt8], actor: String, _ session: WriteSession
  ) throws {
    try session.append(event: NewEvent(type: kind.rawValue, subject: subject, actor: actor, payload: payload))
  }

  /// - Throws: an error that is no `DomainError` for an entry this version cannot read.
  static func decode(_ event: StoredEvent) throws -> CatalogEvent {
    guard let kind = CatalogEventKind(rawValue: event.type) else {
      throw StorageError(.other, "event \(event.sequence) has the unknown type \(event.type)")
    }
    let subject: CatalogEvent.Subject =
      switch kind {
      case .institutionCreated, .institutionUpdated: .institution(try JSON.decode(Institution.self, event.payload))
      case .referenceRateRecorded: .referenceRate(try JSON.decode(ReferenceRate.self, event.payload))
      case .noticePublished, .noticeWithdrawn, .noticeAcknowledged:
        .notice(try JSON.decode(PolicyNotice.self, event.payload))
      case .errorReportCreated, .errorReportAnswered:
        .errorReport(try JSON.decode(ProductErrorReport.self, event.payload))
      case .productCreated, .productUpdated, .productSubmitted, .productApproved, .productRejected, .productPublished,
        .productRecorded, .productSuspended, .productWithdrawn:
        .product(try JSON.decode(Product.self, event.payload))
      }
    return CatalogEvent(
      sequence: event.sequence, commitTime: event.commitTime, type: event.type, name: event.subject, actor: event.actor,
      hash: event.hash, subject: subject)
  }
}
