import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func runEvaluation(
    request: ServerRequest<Huirong_Evaluation_V1_RunEvaluationRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Run> {
    try await edge.command(request, context) { (run: Run) in
      Huirong_Evaluation_V1_Run(run)
    } _: { message, command in
      try await commands.runEvaluation(
        try RunRequest(message), envelope: command.envelope, encode: command.encode)
    }
  }

  package func getRun(
    request: ServerRequest<Huirong_Evaluation_V1_GetRunRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_Run> {
    try await edge.unary(request, context) { message, call in
      let id = try ResourceName.id(of: message.name, in: "runs")
      return Huirong_Evaluation_V1_Run(try await visibleRun(id, to: call.caller, withReview: true))
    }
  }

  package func listRuns(
    request: ServerRequest<Huirong_Evaluation_V1_ListRunsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListRunsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      var schemeID = ""
      if !message.scheme.isEmpty { schemeID = try ResourceName.id(of: message.scheme, in: "schemes", field: "scheme") }
      let found = try await queries.runs(schemeID: schemeID, after: page.cursor, limit: page.size)
      var response = Huirong_Evaluation_V1_ListRunsResponse()
      response.runs = found.items.map(Huirong_Evaluation_V1_Run.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }

  package func listRankings(
    request: ServerRequest<Huirong_Evaluation_V1_ListRankingsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListRankingsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let id = try ResourceName.id(of: message.run, in: "runs", field: "run")
      if !call.caller.isOffice { _ = try await visibleRun(id, to: call.caller) }
      let found = try await queries.rankings(
        runID: id, table: message.table, order: try RankingOrder(orderBy: message.orderBy), after: page.cursor,
        limit: page.size)
      var response = Huirong_Evaluation_V1_ListRankingsResponse()
      response.rankings = found.items.map(Huirong_Evaluation_V1_Ranking.init)
      response.nextPageToken = found.token(page)
      return response
    }
  }

  package func explainScore(
    request: ServerRequest<Huirong_Evaluation_V1_ExplainScoreRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ScoreExplanation> {
    try await edge.unary(request, context) { message, call in
      let id = try ResourceName.id(of: message.run, in: "runs", field: "run")
      try Require.text(message.institutionID, "institution_id", maximum: 64)
      _ = try await run(id, withOwnLineFor: call.caller, message.institutionID)
      let evaluation = try await recomputed.evaluation(of: id)
      return Huirong_Evaluation_V1_ScoreExplanation(try evaluation.explain(message.institutionID))
    }
  }

  /// A draft does not exist for those outside the office; a run in review exists for institutions, which see their own
  /// lines of it only.
  func visibleRun(_ id: String, to caller: Caller, withReview: Bool = false) async throws -> Run {
    let run = try await queries.run(id: id)
    switch run.state {
    case .published, .corrected: return run
    case .review where withReview && caller.role == .institution: return run
    case .review, .draft:
      guard caller.isOffice else { throw DomainError.notFound("runs/\(id)") }
      return run
    }
  }

  /// A run whose line of one institution is about to be shown: institutions see their own only.
  func run(_ id: String, withOwnLineFor caller: Caller, _ institutionID: String) async throws -> Run {
    let run = try await visibleRun(id, to: caller, withReview: true)
    if caller.role == .institution, caller.organisation != institutionID {
      throw DomainError(
        .outOfScope, "\(caller.organisation) sees the explanation of its own score only", field: "institution_id")
    }
    return run
  }
}

extension RankingOrder {
  init(orderBy text: String) throws(DomainError) {
    switch text {
    case "", "rank", "rank asc": self = .bestFirst
    case "rank desc": self = .lastFirst
    default: throw .invalid("order_by", "\"rank\" or \"rank desc\"")
    }
  }
}
