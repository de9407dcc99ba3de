import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func listPendingFacts(
    request: ServerRequest<Huirong_Evaluation_V1_ListPendingFactsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListPendingFactsResponse> {
    try await edge.unary(request, context) { message, call in
      if !call.caller.isOffice, call.caller.organisation != message.institutionID {
        throw DomainError(
          .outOfScope, "\(call.caller.organisation) sees its own submissions only", field: "institution_id")
      }
      let page = try Page(message, method: call.method)
      let found = try await queries.pendingFacts(
        institutionID: message.institutionID, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListPendingFactsResponse()
      response.pendingFacts = found.items.map(Huirong_Evaluation_V1_PendingFact.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }

  package func decidePendingFact(
    request: ServerRequest<Huirong_Evaluation_V1_DecidePendingFactRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_PendingFact> {
    try await edge.command(request, context) { (pending: PendingFact) in
      Huirong_Evaluation_V1_PendingFact(pending)
    } _: { message, command in
      let decision: PendingFact.State
      switch try Require.value(message.decision, "decision") {
      case .confirmed:
        decision = .confirmed
        try Require.optionalText(message.reason, "reason", maximum: FactInput.maximumReasonLength)
      case .rejected:
        decision = .rejected
        try Require.text(message.reason, "reason", maximum: FactInput.maximumReasonLength)
      default: throw DomainError.invalid("decision", "PENDING_STATE_CONFIRMED or PENDING_STATE_REJECTED")
      }
      return try await commands.decidePendingFact(
        id: try ResourceName.id(of: message.name, in: "pendingFacts"), decision: decision, reason: message.reason,
        envelope: command.envelope, encode: command.encode)
    }
  }
}
