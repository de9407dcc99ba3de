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
        do throws(DomainError) { rows.append(try FactInput(proto)) } catch { throw error.within("facts[\(index)]") }
      }
      return try await commands.submitFacts(rows, envelope: command.envelope, encode: command.encode)
    }
  }

  package func importFacts(
    request: ServerRequest<Huirong_Evaluation_V1_ImportFactsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ImportFactsResponse> {
    try await edge.command(request, context) { (report: FactImport) in
      Huirong_Evaluation_V1_ImportFactsResponse(report)
    } _: { message, command in
      try Require.set(!message.csv.isEmpty, "csv")
      return try await commands.importFacts(
        try FactCSV(Array(message.csv)), envelope: command.envelope, encode: command.encode)
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
      var filter = FactFilter(institutionID: message.institutionID, indicatorID: message.indicatorID)
      if message.hasAsOf {
        if message.includeSuperseded { throw DomainError.invalid("as_of", "not with include_superseded") }
        filter.state = .asOf(try Instant(message.asOf, field: "as_of"))
      } else if message.includeSuperseded {
        filter.state = .withSuperseded
      }
      let found = try await queries.facts(filter, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListFactsResponse()
      response.facts = found.items.map(Huirong_Evaluation_V1_Fact.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}
