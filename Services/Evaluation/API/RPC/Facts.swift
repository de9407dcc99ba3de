import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func submitFacts(
    request: ServerRequest<Huirong_Evaluation_V1_SubmitFactsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_SubmitFactsResponse> {
    try await edge.command(request, context) { (receipt: FactReceipt) in
      Huirong_Evaluation_V1_SubmitFactsResponse(receipt)
    } _: { message, command in
      try Require.count(message.facts.count, minimum: 1, maximum: FactInput.maximumBatch, "facts")
      var rows: [FactInput] = []
      rows.reserveCapacity(message.facts.count)
      for (index, proto) in message.facts.enumerated() {
        rows.append(try FactInput(proto, field: "facts[\(index)]"))
      }
      return try await commands.submitFacts(rows, envelope: command.envelope, encode: command.encode)
    }
  }

  package func listFacts(
    request: ServerRequest<Huirong_Evaluation_V1_ListFactsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListFactsResponse> {
    try await edge.unary(request, context) { message, call in
      try Require.text(message.institutionID, "institution_id", maximum: 64)
      if !call.caller.isOffice, call.caller.organisation != message.institutionID {
        throw DomainError(
          .outOfScope, "\(call.caller.organisation) sees its own facts only", field: "institution_id")
      }
      let page = try Page(message, method: call.method)
      let found = try await queries.facts(
        institutionID: message.institutionID, indicatorID: message.indicatorID,
        includeSuperseded: message.includeSuperseded, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListFactsResponse()
      response.facts = found.items.map(Huirong_Evaluation_V1_Fact.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
