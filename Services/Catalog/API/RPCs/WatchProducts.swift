import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func watchProducts(
    request: ServerRequest<Huirong_Catalog_V1_WatchProductsRequest>, context: ServerContext
  ) async throws -> StreamingServerResponse<Huirong_Catalog_V1_WatchProductsResponse> {
    try await edge.serverStream(request, context) { message, call, writer in
      let caller = call.caller
      try await repository.watch(after: message.afterSequence) { event in
        guard let subject = try await subject(of: event, for: caller) else { return }
        try await writer.write(Huirong_Catalog_V1_WatchProductsResponse(event, about: subject))
      }
    }
  }

  /// What an event shows to a caller: nothing of steps before publication to who does not see them, and the published version
  /// where the event holds a later draft.
  private func subject(of event: CatalogEvent, for caller: Caller) async throws -> CatalogEvent.Subject? {
    switch event.subject {
    case .institution, .referenceRate, .notice: return event.subject
    case .errorReport(let report): return report.isFor(caller) ? event.subject : nil
    case .product(let product):
      let sight = Sight(caller)
      if sight.reaches(product.terms.institution) { return event.subject }
      if CatalogEventKind(rawValue: event.type)?.isBeforePublication ?? true { return nil }
      if let seen = sight.view(product) { return .product(seen) }
      if product.publishedVersion == 0 { return nil }
      let published = try await repository.product(product.id, version: product.publishedVersion, sight: sight)
      return .product(published.standing(as: product))
    }
  }
}
