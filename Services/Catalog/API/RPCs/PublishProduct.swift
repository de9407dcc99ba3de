import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func publishProduct(
    request: ServerRequest<Huirong_Catalog_V1_PublishProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_PublishProductResponse> {
    // A preview changes nothing, so it is no command and its request id is not used up.
    if request.message.validateOnly {
      return try await edge.unary(request, context) { message, call in
        Self.response(
          try await repository.checkPublication(
            id: try Reading.product(message.name), etag: message.etag,
            asOf: try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now), caller: call.caller,
            now: call.now))
      }
    }
    return try await edge.command(request, context, encode: Self.response) {
      message, call -> CommandReply<Publication> in
      await settle(
        try await repository.publishProduct(
          id: try Reading.product(message.name), etag: message.etag,
          asOf: try Reading.day(message.hasAsOf, message.asOf, "as_of", now: call.now), envelope: call.envelope,
          encode: call.encode))
    }
  }

  @Sendable
  private static func response(_ publication: Publication) -> Huirong_Catalog_V1_PublishProductResponse {
    var response = Huirong_Catalog_V1_PublishProductResponse()
    response.product = Huirong_Catalog_V1_Product(publication.product)
    response.citations = publication.citations.map { Huirong_Common_V1_Citation($0) }
    return response
  }
}
