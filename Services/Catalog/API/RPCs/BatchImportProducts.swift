import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func batchImportProducts(
    request: ServerRequest<Huirong_Catalog_V1_BatchImportProductsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_BatchImportProductsResponse> {
    try await edge.command(request, context, encode: Self.report) { message, call -> CommandReply<ImportReport> in
      try Require.count(message.rows.count, minimum: 1, maximum: CatalogLimits.importRows, "rows")
      let asOf = try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now)
      return await settle(
        try await repository.importProducts(
          message.rows.map { ImportRow($0) }, institutions: [],
          goal: message.submit ? .submit(asOf) : .enter, envelope: call.envelope,
          encode: call.encode))
    }
  }

  @Sendable
  private static func report(_ report: ImportReport) -> Huirong_Catalog_V1_BatchImportProductsResponse {
    let results = report.results
    var response = Huirong_Catalog_V1_BatchImportProductsResponse()
    response.results = results.map { Huirong_Catalog_V1_ImportResult($0) }
    func count(_ outcome: ImportOutcome) -> Int32 { Int32(results.count { $0.outcome == outcome }) }
    response.created = count(.created)
    response.updated = count(.updated)
    response.unchanged = count(.unchanged)
    response.refused = count(.refused)
    return response
  }
}

extension ImportRow {
  /// A row that cannot be read is refused later, with the others unharmed.
  package init(_ proto: Huirong_Catalog_V1_ImportRow) {
    do {
      try Require.set(proto.hasProduct, "product")
      self.init(id: proto.productID, terms: .success(try ProductTerms(proto.product)))
    } catch {
      self.init(id: proto.productID, terms: .failure(error))
    }
  }
}

extension Huirong_Catalog_V1_ImportResult {
  init(_ result: ImportResult) {
    self.init()
    row = Int32(clamping: result.row)
    outcome = .init(rawValue: result.outcome.rawValue) ?? .unspecified
    name = result.id.isEmpty ? "" : "\(Product.collection)/\(result.id)"
    version = Int32(clamping: result.version)
    state = result.state.flatMap { .init(rawValue: $0.rawValue) } ?? .unspecified
    reason = result.error?.reason.rawValue ?? ""
    field = result.error?.field ?? ""
    message = result.error?.message ?? ""
  }
}
