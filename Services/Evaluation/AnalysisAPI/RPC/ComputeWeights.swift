import EvaluationAnalysis
package import GRPCCore
import Kernel
package import Protos
import RPCEdge

extension AnalysisService {
  package func computeWeights(
    request: ServerRequest<Huirong_Evaluation_V1_ComputeWeightsRequest>, context: ServerContext
  ) async throws -> ServerResponse<Huirong_Evaluation_V1_ComputeWeightsResponse> {
    try await edge.unary(request, context) { message, call in
      let data = try await dataIfAny(message, for: call.caller)
      let weights = try AnalysedWeights(message.weighting, on: data)
      let criteria = data?.matrix.criteria.map(\.id) ?? weights.weights.values.indices.map { "\($0 + 1)" }
      var response = Huirong_Evaluation_V1_ComputeWeightsResponse()
      response.weights = weights.proto(criteria)
      if let hierarchy = weights.hierarchy { response.consistency = .init(hierarchy) }
      response.droppedAlternatives = data?.matrix.dropped ?? []
      return response
    }
  }
}

extension AnalysisService {
  /// AHP needs no data; the other methods refuse to do without.
  private func dataIfAny(
    _ message: Huirong_Evaluation_V1_ComputeWeightsRequest, for caller: Caller
  ) async throws -> AnalysedMatrix? {
    guard message.source != nil else { return nil }
    return try await matrix(message, for: caller)
  }
}

extension Huirong_Evaluation_V1_Consistency {
  fileprivate init(_ hierarchy: AnalyticHierarchy) {
    self.init()
    principalEigenvalue = hierarchy.principalEigenvalue
    index = hierarchy.consistencyIndex
    ratio = hierarchy.consistencyRatio
    acceptable = hierarchy.consistencyRatio <= AnalyticHierarchy.acceptableRatio
  }
}
