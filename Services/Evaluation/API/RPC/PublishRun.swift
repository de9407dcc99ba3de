import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func startReview(
    request: ServerRequest<Huirong_Evaluation_V1_StartReviewRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Run> {
    try await edge.command(request, context) { (run: Run) in
      Huirong_Evaluation_V1_Run(run)
    } _: { message, command in
      try Require.set(message.hasReviewEndDate, "review_end_date")
      try Require.set(message.hasAppealEndDate, "appeal_end_date")
      return try await commands.startReview(
        id: try ResourceName.id(of: message.name, in: "runs"), etag: message.etag,
        reviewEnd: try BusinessDate(message.reviewEndDate, field: "review_end_date"),
        appealEnd: try BusinessDate(message.appealEndDate, field: "appeal_end_date"), envelope: command.envelope,
        encode: command.encode)
    }
  }

  package func publishRun(
    request: ServerRequest<Huirong_Evaluation_V1_PublishRunRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Run> {
    try await edge.command(request, context) { (run: Run) in
      Huirong_Evaluation_V1_Run(run)
    } _: { message, command in
      let id = try ResourceName.id(of: message.name, in: "runs")
      return try await commands.publishRun(
        id: id, etag: message.etag, envelope: command.envelope, encode: command.encode)
    }
  }

  package func correctRun(
    request: ServerRequest<Huirong_Evaluation_V1_CorrectRunRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Run> {
    try await edge.command(request, context) { (run: Run) in
      Huirong_Evaluation_V1_Run(run)
    } _: { message, command in
      try Require.text(message.reason, "reason", maximum: 500)
      return try await commands.correctRun(
        id: try ResourceName.id(of: message.name, in: "runs"), etag: message.etag,
        replacementID: try ResourceName.id(of: message.replacement, in: "runs", field: "replacement"),
        reason: message.reason, envelope: command.envelope, encode: command.encode)
    }
  }
}
