import EvaluationAnalysis
import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension AnalysisService {
  /// Rankings of one request; each pair costs a few sorts.
  private static let maximumRankings = 20

  package func compareRankings(
    request: ServerRequest<Huirong_Evaluation_V1_CompareRankingsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_CompareRankingsResponse> {
    try await edge.unary(request, context) { message, call in
      try Require.count(message.rankings.count, minimum: 2, maximum: Self.maximumRankings, "rankings")
      var rankings: [ScoredList] = []
      for (index, ranking) in message.rankings.enumerated() {
        rankings.append(try await list(ranking, "rankings[\(index)]", for: call.caller))
      }
      var response = Huirong_Evaluation_V1_CompareRankingsResponse()
      for (index, first) in rankings.enumerated() {
        for second in rankings[(index + 1)...] {
          try call.checkCancellation()
          response.pairs.append(.init(RankingComparison(first, second)))
        }
      }
      return response
    }
  }

  private func list(
    _ proto: Huirong_Evaluation_V1_ComparedRanking, _ field: String, for caller: Caller
  ) async throws -> ScoredList {
    switch proto.source {
    case nil: throw DomainError(.requiredFieldMissing, "\(field).scores is required", field: "\(field).scores")
    case .scores(let scores):
      try Require.text(proto.label, "\(field).label", maximum: 256)
      do throws(DomainError) {
        return try ScoredList(scores, label: proto.label)
      } catch { throw error.within("\(field).scores") }
    case .run(let run):
      try Require.optionalText(proto.label, "\(field).label", maximum: 256)
      do {
        let table = try await runs.table(run, for: caller)
        return try table.totals(label: proto.label.isEmpty ? run.run : proto.label)
      } catch let error as DomainError { throw error.within(field) }
    }
  }
}

extension ScoredList {
  init(_ proto: Huirong_Evaluation_V1_GivenScores, label: String) throws(DomainError) {
    try self.init(
      label: label, alternatives: proto.alternatives, scores: proto.scores, higherIsBetter: !proto.lowerIsBetter)
  }
}

extension Huirong_Evaluation_V1_RankingPair {
  fileprivate init(_ comparison: RankingComparison) {
    self.init()
    first = comparison.first
    second = comparison.second
    commonCount = Int32(comparison.commonCount)
    if let value = comparison.correlation.spearman { spearman = value }
    if let value = comparison.correlation.kendall { kendall = value }
    furthestAlternative = comparison.furthest
    largestShift = Int32(comparison.largestShift)
  }
}
