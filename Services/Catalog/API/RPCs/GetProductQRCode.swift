import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  private static let modulePixels = 8
  private static let pageBytes = 200

  package func getProductQRCode(
    request: ServerRequest<Huirong_Catalog_V1_GetProductQRCodeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_GetProductQRCodeResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Reading.product(message.name)
      let pixels = try Reading.limit(message.modulePixels, default: Self.modulePixels, most: 32, "module_pixels")
      let base = message.pageBase.isEmpty ? pages : message.pageBase
      guard !base.isEmpty else {
        throw DomainError(.requiredFieldMissing, "where product pages are: nothing is configured", field: "page_base")
      }
      try PageURI.validate(base, "page_base", bytes: Self.pageBytes)
      _ = try await repository.product(id, version: nil, sight: Sight(call.caller))
      let uri = base + (base.hasSuffix("/") || base.hasSuffix("=") ? "" : "/") + id
      let code = try QRCode(uri)
      var response = Huirong_Catalog_V1_GetProductQRCodeResponse()
      response.uri = uri
      switch message.format {
      case .png:
        response.contentType = "image/png"
        response.content = .init(code.png(module: pixels))
      case .svg:
        response.contentType = "image/svg+xml"
        response.content = .init(code.svg.utf8)
      case .unspecified: throw DomainError(.requiredFieldMissing, "PNG or SVG", field: "format")
      case .UNRECOGNIZED(let number): throw DomainError.invalid("format", "no such value: \(number)")
      }
      return response
    }
  }
}
