import EvaluationAnalysis
import EvaluationDomain
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension AnalysisService {
  /// Each ratio costs a draw for every institution and sample.
  private static let maximumRatios = 10

  package func estimateRankIntervals(
    request: ServerRequest<Huirong_Evaluation_V1_EstimateRankIntervalsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_EstimateRankIntervalsResponse> {
    try await edge.unary(request, context) { message, call in
      try Require.count(message.ratios.count, minimum: 1, maximum: Self.maximumRatios, "ratios")
      try Require.number(message.samples, in: 1...10_000, "samples")
      let table = try await runs.table(message.run, for: call.caller)
      let redrawn = try RedrawnRun(
        table,
        ratios: message.ratios.map {
          .init(indicatorID: $0.indicator, countIndicatorID: $0.countIndicator, priorCases: $0.priorCases)
        }, samples: Int(message.samples), seed: message.seed)
      let tally = try await redrawn.run { try call.checkCancellation() }
      var response = Huirong_Evaluation_V1_EstimateRankIntervalsResponse()
      response.institutions = table.rows.enumerated().map { index, row in
        var interval = Huirong_Evaluation_V1_CountedRankInterval()
        interval.institution = row.institutionID
        interval.rank = Int32(row.rank)
        interval.cases = redrawn.cases(of: index)
        interval.rankedSamples = Int32(tally.samples(of: index))
        if let distribution = tally.distribution(of: index) {
          interval.rankP05 = Int32(distribution.fifth)
          interval.rankP50 = Int32(distribution.median)
          interval.rankP95 = Int32(distribution.ninetyFifth)
          interval.meanRank = distribution.mean
        }
        return interval
      }
      return response
    }
  }
}
