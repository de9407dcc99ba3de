import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension CatalogService {
  package func createInstitution(
    request: ServerRequest<Huirong_Catalog_V1_CreateInstitutionRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_Institution> {
    try await edge.command(request, context, encode: Self.institution) {
      message, call -> CommandReply<Institution> in
      try Require.set(message.hasInstitution, "institution")
      let draft = try Institution(id: message.institutionID, message.institution)
      return await settle(
        try await repository.createInstitution(draft, envelope: call.envelope, encode: call.encode))
    }
  }
}
