import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  /// Fields an institution consists of, by their names on the wire.
  private static let institutionParts = [
    "kind", "name_zh", "name_en", "uscc", "service_regions", "government_backed", "sources", "branches",
  ]

  package func updateInstitution(
    request: ServerRequest<Huirong_Catalog_V1_UpdateInstitutionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Institution> {
    try await edge.command(request, context, encode: Self.institution) { message, call -> CommandReply<Institution> in
      try Require.set(message.hasInstitution, "institution")
      let id = try Reading.institution(message.institution.name, "institution.name")
      let mask = try UpdateMask(message.updateMask, updatable: Self.institutionParts)
      let wanted = message.institution
      return await settle(
        try await repository.updateInstitution(
          id: id, etag: message.etag, envelope: call.envelope, encode: call.encode
        ) { stored throws(DomainError) in
          try Institution(id: id, Self.merge(wanted, into: stored, mask))
        })
    }
  }

  private static func merge(
    _ wanted: Huirong_Catalog_V1_Institution, into stored: Institution, _ mask: UpdateMask
  ) -> Huirong_Catalog_V1_Institution {
    var merged = Huirong_Catalog_V1_Institution(stored)
    if mask.contains("kind") { merged.kind = wanted.kind }
    if mask.contains("name_zh") { merged.nameZh = wanted.nameZh }
    if mask.contains("name_en") { merged.nameEn = wanted.nameEn }
    if mask.contains("uscc") { merged.uscc = wanted.uscc }
    if mask.contains("service_regions") { merged.serviceRegions = wanted.serviceRegions }
    if mask.contains("government_backed") { merged.governmentBacked = wanted.governmentBacked }
    if mask.contains("sources") { merged.sources = wanted.sources }
    if mask.contains("branches") { merged.branches = wanted.branches }
    return merged
  }
}
