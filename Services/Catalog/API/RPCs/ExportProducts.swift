import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  /// Products of one piece of the file: some tens of kilobytes.
  private static let piece = 100

  package func exportProducts(
    request: ServerRequest<Huirong_Catalog_V1_ExportProductsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Catalog_V1_ExportProductsResponse> {
    try await edge.serverStream(request, context, endsOnDrain: false) { message, call, writer in
      let isCSV = try Self.isCSV(message.format)
      var filter = try Self.productFilter(message.filter)
      if message.effective != .unspecified {
        filter.effective = try Reading.value(message.effective.rawValue, as: EffectiveFilter.self, "effective")
      }
      filter.asOf = try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now)
      if isCSV { try await writer.write(.with { $0.data = .init(ProductCSV.headerLine().utf8) }) }
      var after: ProductCursor?
      while true {
        let rows = try await repository.products(
          filter, after: after, limit: Self.piece, sight: Sight(call.caller))
        guard let last = rows.last else { return }
        let lines = try rows.map { product in
          let message = Huirong_Catalog_V1_Product(product)
          return isCSV ? try ProductCSV.line(message) : try Self.jsonLine(message)
        }
        try await writer.write(.with { $0.data = .init(lines.joined().utf8) })
        after = ProductCursor(id: last.id, version: last.version)
      }
    }
  }

  private static func isCSV(_ format: Huirong_Catalog_V1_FileFormat) throws(DomainError) -> Bool {
    switch format {
    case .csv: return true
    case .jsonLines: return false
    case .cdrJsonLines: throw .invalid("format", "CSV or JSON_LINES; CDR_JSON_LINES is for import")
    case .unspecified: throw DomainError(.requiredFieldMissing, "CSV or JSON_LINES", field: "format")
    case .UNRECOGNIZED(let number): throw .invalid("format", "no such value: \(number)")
    }
  }

  private static func jsonLine(_ product: Huirong_Catalog_V1_Product) throws -> String {
    var row = Huirong_Catalog_V1_ImportRow()
    row.productID = String(product.name.drop { $0 != "/" }.dropFirst())
    row.product = product
    return try row.jsonString() + "\n"
  }
}
