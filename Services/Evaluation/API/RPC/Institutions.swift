import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func batchRegisterInstitutions(
    request: ServerRequest<Huirong_Evaluation_V1_BatchRegisterInstitutionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_BatchRegisterInstitutionsResponse> {
    try await edge.command(request, context) { (receipt: RegistrationReceipt) in
      var response = Huirong_Evaluation_V1_BatchRegisterInstitutionsResponse()
      response.registeredCount = Int32(receipt.registered)
      response.changedCount = Int32(receipt.changed)
      response.unchangedCount = Int32(receipt.unchanged)
      return response
    } _: { message, command in
      try Require.count(message.institutions.count, minimum: 1, maximum: 10_000, "institutions")
      var institutions: [Institution] = []
      institutions.reserveCapacity(message.institutions.count)
      for (index, proto) in message.institutions.enumerated() {
        institutions.append(try Institution(proto, field: "institutions[\(index)]", now: command.now))
      }
      return try await commands.registerInstitutions(
        institutions, envelope: command.envelope, encode: command.encode)
    }
  }

  package func listInstitutions(
    request: ServerRequest<Huirong_Evaluation_V1_ListInstitutionsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListInstitutionsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let found = try await queries.institutions(
        peerGroup: message.peerGroup, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListInstitutionsResponse()
      response.institutions = found.items.map(Huirong_Evaluation_V1_Institution.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
