import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func reportProductError(
    request: ServerRequest<Huirong_Catalog_V1_ReportProductErrorRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_ProductErrorReport> {
    try await edge.command(request, context, encode: Self.report) {
      message, call -> CommandReply<ProductErrorReport> in
      guard message.version >= 0 else { throw DomainError.invalid("version", "0 for the latest, or a version") }
      if message.field.isEmpty { throw DomainError(.requiredFieldMissing, "the field that is wrong", field: "field") }
      return try await repository.reportError(
        ProductErrorDraft(
          id: Self.newID(call.now), product: try Reading.product(message.product, "product"),
          version: Int(message.version), field: message.field, text: message.description_p, expected: message.expected),
        envelope: call.envelope, encode: call.encode)
    }
  }

  @Sendable static func report(_ report: ProductErrorReport) -> Huirong_Catalog_V1_ProductErrorReport { .init(report) }

  /// A fresh identifier.
  static func newID(_ now: Instant) -> String {
    Identifier.make(at: now, random: UInt16.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
  }
}

extension Huirong_Catalog_V1_ProductErrorReport {
  init(_ report: ProductErrorReport) {
    self.init()
    name = report.name
    product = "\(Product.collection)/\(report.product)"
    version = Int32(clamping: report.version)
    field = report.field
    description_p = report.text
    expected = report.expected
    reporter = report.reporter
    state = .init(rawValue: report.state.rawValue) ?? .unspecified
    answer = report.answer
    correctedVersion = Int32(clamping: report.correctedVersion)
    answeredBy = report.answeredBy
    createTime = .init(report.createTime)
    updateTime = .init(report.updateTime)
    etag = report.etag
  }
}
