import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  /// Fields of the terms, by their names on the wire. The institution is not among them: it never changes.
  private static let updatable = [
    "instrument", "title", "summary", "features", "amount", "tenor", "rate", "fees", "security_modes", "documents",
    "process", "eligibility", "service_regions", "customer_classes", "effective_from", "effective_to", "sources",
    "bundle", "programmes", "repayment_methods", "collateral_kinds", "marketing", "predecessor", "page_uri",
    "conditions_in_words",
  ]

  package func updateProduct(
    request: ServerRequest<Huirong_Catalog_V1_UpdateProductRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Product> {
    try await edge.command(request, context, encode: Self.product) {
      message, call -> CommandReply<Product> in
      try Require.set(message.hasProduct, "product")
      let id = try Reading.product(message.product.name, "product.name")
      let mask = try UpdateMask(message.updateMask, updatable: Self.updatable)
      let wanted = message.product
      return await settle(
        try await repository.updateProduct(
          id: id, etag: message.etag, envelope: call.envelope, encode: call.encode
        ) { stored throws(DomainError) in
          try ProductTerms(Self.merge(wanted, into: stored, mask))
        })
    }
  }

  /// The stored terms with the named fields replaced, on the wire's side so that one reading serves all writes.
  static func merge(
    _ wanted: Huirong_Catalog_V1_Product, into stored: ProductTerms, _ mask: UpdateMask
  ) -> Huirong_Catalog_V1_Product {
    var merged = Huirong_Catalog_V1_Product(stored)
    func replace(_ path: String, _ body: () -> Void) { if mask.contains(path) { body() } }
    replace("instrument") { merged.instrument = wanted.instrument }
    replace("title") { merged.title = wanted.title }
    replace("summary") { if wanted.hasSummary { merged.summary = wanted.summary } else { merged.clearSummary() } }
    replace("features") { merged.features = wanted.features }
    replace("amount") { if wanted.hasAmount { merged.amount = wanted.amount } else { merged.clearAmount() } }
    replace("tenor") { if wanted.hasTenor { merged.tenor = wanted.tenor } else { merged.clearTenor() } }
    replace("rate") { if wanted.hasRate { merged.rate = wanted.rate } else { merged.clearRate() } }
    replace("fees") { merged.fees = wanted.fees }
    replace("security_modes") { merged.securityModes = wanted.securityModes }
    replace("documents") { merged.documents = wanted.documents }
    replace("process") { if wanted.hasProcess { merged.process = wanted.process } else { merged.clearProcess() } }
    replace("eligibility") {
      if wanted.hasEligibility { merged.eligibility = wanted.eligibility } else { merged.clearEligibility() }
    }
    replace("service_regions") { merged.serviceRegions = wanted.serviceRegions }
    replace("customer_classes") { merged.customerClasses = wanted.customerClasses }
    replace("effective_from") {
      if wanted.hasEffectiveFrom { merged.effectiveFrom = wanted.effectiveFrom } else { merged.clearEffectiveFrom() }
    }
    replace("effective_to") {
      if wanted.hasEffectiveTo { merged.effectiveTo = wanted.effectiveTo } else { merged.clearEffectiveTo() }
    }
    replace("sources") { merged.sources = wanted.sources }
    replace("bundle") { merged.bundle = wanted.bundle }
    replace("programmes") { merged.programmes = wanted.programmes }
    replace("repayment_methods") { merged.repaymentMethods = wanted.repaymentMethods }
    replace("collateral_kinds") { merged.collateralKinds = wanted.collateralKinds }
    replace("marketing") {
      if wanted.hasMarketing { merged.marketing = wanted.marketing } else { merged.clearMarketing() }
    }
    replace("predecessor") { merged.predecessor = wanted.predecessor }
    replace("page_uri") { merged.pageUri = wanted.pageUri }
    replace("conditions_in_words") { merged.conditionsInWords = wanted.conditionsInWords }
    return merged
  }
}
