import EvaluationAnalysis
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension AnalysisService {
  package func analyzeRobustness(
    request: ServerRequest<Huirong_Evaluation_V1_AnalyzeRobustnessRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_AnalyzeRobustnessResponse> {
    try await edge.unary(request, context) { message, call in
      let decimals = try comparedDecimals(message.hasDecimals, message.decimals)
      let data = try await matrix(message, for: call.caller)
      let method = try RankingMethod(message.method, criteria: data.matrix.columns)
      let weights = try AnalysedWeights(message.weighting, on: data)
      let sensitivity = try Sensitivity(data.matrix, weights.weights, method, decimals: decimals)
      var distributions: [RankDistribution] = []
      if message.hasSimulation {
        let simulation = try RankSimulation(message.simulation, data.matrix, base: weights.weights)
        distributions = try await simulation.run { try call.checkCancellation() }
      }
      var response = Huirong_Evaluation_V1_AnalyzeRobustnessResponse()
      for (index, rank) in sensitivity.ranks.enumerated() {
        var interval = Huirong_Evaluation_V1_RankInterval()
        interval.alternative = data.matrix.alternatives[index]
        interval.rank = Int32(rank)
        if index < distributions.count { interval.fill(distributions[index]) }
        response.alternatives.append(interval)
      }
      let checkpoint: () throws(DomainError) -> Void = { () throws(DomainError) in try call.checkCancellation() }
      if message.leaveOutCriteria {
        response.criteria = try sensitivity.leavingOutCriteria(checkpoint: checkpoint).map { .init($0) }
      }
      if message.rankReversal {
        response.reversals = try sensitivity.leavingOutAlternatives(checkpoint: checkpoint)
          .filter { $0.reversedPairs > 0 || $0.leaderChanges }.map { .init($0) }
      }
      response.weights = weights.proto(data.matrix.criteria.map(\.id))
      response.droppedAlternatives = data.matrix.dropped
      return response
    }
  }
}

extension RankSimulation {
  fileprivate init(
    _ proto: Huirong_Evaluation_V1_RankSimulation, _ matrix: DecisionMatrix, base: CriterionWeights
  ) throws(DomainError) {
    let sampling: WeightSampling
    let field: String
    switch proto.sampling {
    case nil, .uniform: (sampling, field) = (.uniform, "")
    case .dirichlet(let dirichlet):
      (sampling, field) = (.dirichlet(concentration: dirichlet.concentration), ".dirichlet")
    case .band(let band): (sampling, field) = (.band(share: band.share), ".band")
    }
    do throws(DomainError) { try sampling.validate() } catch { throw error.within("simulation\(field)") }
    var normalisations: [Normalisation] = []
    for (index, normalisation) in proto.normalisations.enumerated() {
      normalisations.append(try Normalisation(normalisation, "simulation.normalisations[\(index)]"))
    }
    do throws(DomainError) {
      try self.init(
        matrix, base: base, sampling: sampling, normalisations: normalisations.isEmpty ? [.minMax] : normalisations,
        samples: Int(proto.samples), seed: proto.seed)
    } catch { throw error.within("simulation") }
  }
}

extension Huirong_Evaluation_V1_RankInterval {
  fileprivate mutating func fill(_ distribution: RankDistribution) {
    rankP05 = Int32(distribution.fifth)
    rankP50 = Int32(distribution.median)
    rankP95 = Int32(distribution.ninetyFifth)
    bestRank = Int32(distribution.best)
    worstRank = Int32(distribution.worst)
    meanRank = distribution.mean
    firstShare = distribution.firstShare
  }
}

extension Huirong_Evaluation_V1_CriterionEffect {
  fileprivate init(_ effect: Sensitivity.CriterionEffect) {
    self.init()
    criterion = effect.criterion
    if let value = effect.correlation.spearman { spearman = value }
    if let value = effect.correlation.kendall { kendall = value }
    leaderChanges = effect.leaderChanges
    largestShift = Int32(effect.largestShift)
    furthestAlternative = effect.furthest
  }
}

extension Huirong_Evaluation_V1_AlternativeEffect {
  fileprivate init(_ effect: Sensitivity.AlternativeEffect) {
    self.init()
    alternative = effect.alternative
    reversedPairs = Int64(effect.reversedPairs)
    leaderChanges = effect.leaderChanges
  }
}
