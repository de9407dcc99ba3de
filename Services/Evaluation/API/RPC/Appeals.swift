import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge
import SwiftProtobuf

extension EvaluationService {
  package func fileAppeal(
    request: ServerRequest<Huirong_Evaluation_V1_FileAppealRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Appeal> {
    try await edge.command(request, context) { (appeal: Appeal) in
      Huirong_Evaluation_V1_Appeal(appeal)
    } _: { message, command in
      try Require.text(message.grounds, "grounds", maximum: Appeal.maximumLength)
      if message.hasEvidence {
        try Require.text(message.evidence.kind, "evidence.kind", maximum: 64)
        try Require.text(message.evidence.reference, "evidence.reference", maximum: FactInput.maximumEvidenceLength)
      }
      return try await commands.fileAppeal(
        AppealFiling(
          runID: try ResourceName.id(of: message.run, in: "runs", field: "run"), indicatorID: message.indicatorID,
          grounds: message.grounds, evidenceKind: message.evidence.kind,
          evidenceReference: message.evidence.reference),
        envelope: command.envelope, encode: command.encode)
    }
  }

  package func answerAppeal(
    request: ServerRequest<Huirong_Evaluation_V1_AnswerAppealRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Appeal> {
    try await edge.command(request, context) { (appeal: Appeal) in
      Huirong_Evaluation_V1_Appeal(appeal)
    } _: { message, command in
      let decision: Appeal.State
      switch try Require.value(message.decision, "decision") {
      case .upheld: decision = .upheld
      case .rejected: decision = .rejected
      default: throw DomainError.invalid("decision", "APPEAL_STATE_UPHELD or APPEAL_STATE_REJECTED")
      }
      try Require.text(message.answer, "answer", maximum: Appeal.maximumLength)
      return try await commands.answerAppeal(
        id: try ResourceName.id(of: message.name, in: "appeals"), decision: decision, answer: message.answer,
        envelope: command.envelope, encode: command.encode)
    }
  }

  package func listAppeals(
    request: ServerRequest<Huirong_Evaluation_V1_ListAppealsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListAppealsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let id = try ResourceName.id(of: message.run, in: "runs", field: "run")
      _ = try await visibleRun(id, to: call.caller, withReview: true)
      let found = try await queries.appeals(
        runID: id, institutionID: call.caller.role == .institution ? call.caller.organisation : "",
        after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListAppealsResponse()
      response.appeals = found.items.map(Huirong_Evaluation_V1_Appeal.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }
}

extension Huirong_Evaluation_V1_Appeal {
  init(_ appeal: Appeal) {
    self.init()
    name = "appeals/\(appeal.id)"
    run = "runs/\(appeal.runID)"
    institutionID = appeal.institutionID
    indicatorID = appeal.indicatorID
    grounds = appeal.grounds
    if !appeal.evidenceKind.isEmpty {
      evidence.kind = appeal.evidenceKind
      evidence.reference = appeal.evidenceReference
    }
    switch appeal.state {
    case .open: state = .open
    case .upheld: state = .upheld
    case .rejected: state = .rejected
    }
    answer = appeal.answer
    appellant = appeal.appellant
    answerer = appeal.answerer
    createTime = Google_Protobuf_Timestamp(appeal.createTime)
    if let time = appeal.answerTime { answerTime = Google_Protobuf_Timestamp(time) }
  }
}
