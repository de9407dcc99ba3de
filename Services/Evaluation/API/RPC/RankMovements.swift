import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension EvaluationService {
  package func listRankMovements(
    request: ServerRequest<Huirong_Evaluation_V1_ListRankMovementsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ListRankMovementsResponse> {
    try await edge.unary(request, context) { message, call in
      let page = try Page(message, method: call.method)
      let run = try await visibleRun(
        try ResourceName.id(of: message.run, in: "runs", field: "run"), to: call.caller)
      let baseline: Run?
      if message.baseline.isEmpty {
        baseline = try await queries.previousComparable(to: run)
      } else {
        let id = try ResourceName.id(of: message.baseline, in: "runs", field: "baseline")
        baseline = try await visibleRun(id, to: call.caller)
        guard baseline?.schemeID == run.schemeID else {
          throw DomainError.invalid("baseline", "is a run of another scheme")
        }
      }
      var before: [ScoreRow] = []
      if let baseline { before = try await queries.rows(runID: baseline.id, table: "") }
      let rows = try await queries.rows(runID: run.id, table: message.table)
      guard let start = Int(page.cursor ?? "0"), start >= 0 else {
        throw DomainError(.invalidPageToken, "not a token of this list", field: "page_token")
      }
      let wanted = rows.dropFirst(start).prefix(page.size)
      var response = Huirong_Evaluation_V1_ListRankMovementsResponse()
      response.movements = RankMovement.movements(Array(wanted), since: before)
        .map(Huirong_Evaluation_V1_RankMovement.init)
      if let baseline {
        response.baseline = "runs/\(baseline.id)"
        response.schemeChanged = baseline.schemeVersion != run.schemeVersion
      }
      if start + wanted.count < rows.count { response.nextPageToken = page.token(after: "\(start + wanted.count)") }
      return response
    }
  }
}

extension Huirong_Evaluation_V1_RankMovement {
  init(_ movement: RankMovement) {
    self.init()
    ranking = Huirong_Evaluation_V1_Ranking(movement.row)
    baselineRank = Int32(movement.baselineRank)
    placesGained = Int32(movement.placesGained)
    changeMicroPoints = movement.change
  }
}
