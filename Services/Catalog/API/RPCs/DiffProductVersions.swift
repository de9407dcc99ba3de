import CatalogDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension CatalogService {
  package func diffProductVersions(
    request: ServerRequest<Huirong_Catalog_V1_DiffProductVersionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Catalog_V1_DiffProductVersionsResponse> {
    try await edge.unary(request, context) { message, call in
      let id = try Reading.product(message.name)
      guard message.fromVersion > 0 else { throw DomainError.invalid("from_version", "1 or more") }
      guard message.toVersion >= 0 else { throw DomainError.invalid("to_version", "0 for the latest, or a version") }
      let sight = Sight(call.caller)
      let before = try await repository.product(id, version: Int(message.fromVersion), sight: sight)
      let after = try await repository.product(
        id, version: message.toVersion == 0 ? nil : Int(message.toVersion), sight: sight)
      let table = try FieldTable([.init(before.terms), .init(after.terms)])
      var response = Huirong_Catalog_V1_DiffProductVersionsResponse()
      response.differences = table.rows.filter(\.differs).map { row in
        .with {
          $0.field = row.field
          $0.before = row.values[0]
          $0.after = row.values[1]
        }
      }
      return response
    }
  }
}
