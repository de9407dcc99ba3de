import EvaluationAnalysis
package import GRPCCore
package import Protos
import RPCEdge

extension AnalysisService {
  package func rankAlternatives(
    request: ServerRequest<Huirong_Evaluation_V1_RankAlternativesRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_RankAlternativesResponse> {
    try await edge.unary(request, context) { message, call in
      let ties = try TieMethod(message.ties, "ties")
      let decimals = try comparedDecimals(message.hasDecimals, message.decimals)
      let data = try await matrix(message, for: call.caller)
      let method = try RankingMethod(message.method, criteria: data.matrix.columns)
      let weights = try AnalysedWeights(message.weighting, on: data)
      let outcome = try method.apply(data.matrix, weights.weights)
      let ranks = outcome.ranks(ties, decimals: decimals)
      var response = Huirong_Evaluation_V1_RankAlternativesResponse()
      response.alternatives = data.matrix.alternatives.indices.map { index in
        var proto = Huirong_Evaluation_V1_RankedAlternative()
        proto.alternative = data.matrix.alternatives[index]
        proto.rank = ranks[index]
        proto.score = outcome.scores[index]
        proto.details = outcome.details.proto(index)
        return proto
      }
      response.weights = weights.proto(data.matrix.criteria.map(\.id))
      if case .vikor(_, _, let compromise) = outcome.details {
        response.compromise = compromise.map { data.matrix.alternatives[$0] }
      }
      response.droppedAlternatives = data.matrix.dropped
      return response
    }
  }
}

extension RankingOutcome.Details {
  fileprivate func proto(_ index: Int) -> Huirong_Evaluation_V1_RankedAlternative.OneOf_Details? {
    switch self {
    case .none: return nil
    case .distances(let ideal, let antiIdeal):
      var proto = Huirong_Evaluation_V1_TopsisDistances()
      proto.ideal = ideal[index]
      proto.antiIdeal = antiIdeal[index]
      return .distances(proto)
    case .vikor(let group, let regret, _):
      var proto = Huirong_Evaluation_V1_VikorMeasures()
      proto.groupUtility = group[index]
      proto.regret = regret[index]
      return .vikor(proto)
    case .flows(let positive, let negative):
      var proto = Huirong_Evaluation_V1_PrometheeFlows()
      proto.positive = positive[index]
      proto.negative = negative[index]
      return .flows(proto)
    }
  }
}
