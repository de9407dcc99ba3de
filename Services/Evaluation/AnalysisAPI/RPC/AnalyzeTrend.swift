import EvaluationAnalysis
package import GRPCCore
package import Protos
import RPCEdge

extension AnalysisService {
  package func analyzeTrend(
    request: ServerRequest<Huirong_Evaluation_V1_AnalyzeTrendRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_AnalyzeTrendResponse> {
    try await edge.unary(request, context) { message, _ in
      let method: SeriesTrend.Method =
        try Require.known(message.method, "method") == .leastSquares ? .leastSquares : .theilSen
      let trend = try SeriesTrend(
        message.values, missing: message.missingIndexes.map(Int.init),
        season: message.seasonalPeriod == 0 ? 1 : Int(message.seasonalPeriod), method: method)
      var response = Huirong_Evaluation_V1_AnalyzeTrendResponse()
      response.slope = trend.slope
      response.intercept = trend.intercept
      response.seasonalIndices = trend.seasonalIndices
      if let steadiness = trend.steadiness { response.steadiness = steadiness }
      response.fitted = trend.fitted
      response.medianResidual = trend.medianResidual
      return response
    }
  }
}
