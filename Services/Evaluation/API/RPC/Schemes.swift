import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func createScheme(
    request: ServerRequest<Huirong_Evaluation_V1_CreateSchemeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scheme> {
    try await edge.command(request, context) { (stored: StoredScheme) in
      Huirong_Evaluation_V1_Scheme(stored)
    } _: { message, command in
      try Require.set(message.hasScheme, "scheme")
      try Require.number(message.previousVersion, in: 0...1_000_000, "previous_version")
      let scheme = try Scheme(message.scheme, now: command.now)
      return try await commands.createScheme(
        scheme, previousVersion: Int(message.previousVersion), envelope: command.envelope, encode: command.encode)
    }
  }

  package func getScheme(
    request: ServerRequest<Huirong_Evaluation_V1_GetSchemeRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Scheme> {
    try await edge.unary(request, context) { message, _ in
      try Require.number(message.version, in: 0...1_000_000, "version")
      let id = try ResourceName.id(of: message.name, in: "schemes")
      return Huirong_Evaluation_V1_Scheme(
        try await queries.scheme(id: id, version: message.version == 0 ? nil : Int(message.version)))
    }
  }

  package func listSchemes(
    request: ServerRequest<Huirong_Evaluation_V1_ListSchemesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListSchemesResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await queries.schemes(after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListSchemesResponse()
      response.schemes = found.items.map(Huirong_Evaluation_V1_Scheme.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
