import EvaluationAnalysis
import Kernel
import Protos
import RPCEdge

/// Weights with what is known of their making.
struct AnalysedWeights: Sendable {
  let weights: CriterionWeights
  var hierarchy: AnalyticHierarchy?

  /// - Parameter data: `nil` where a request has none; only judgements do without.
  init(_ proto: Huirong_Evaluation_V1_Weighting, on data: AnalysedMatrix?) throws(DomainError) {
    let field = "weighting"
    switch proto.kind {
    case nil: throw DomainError(.requiredFieldMissing, "\(field) is required", field: field)
    case .judgements(let judgements):
      let count = data?.matrix.columns ?? Self.size(of: judgements.judgements.count)
      do throws(DomainError) {
        let hierarchy = try AnalyticHierarchy(judgements: judgements.judgements, criteria: count)
        self.init(weights: hierarchy.weights, hierarchy: hierarchy)
      } catch { throw error.within("\(field).judgements") }
    case .given(let given):
      let matrix = try Self.required(data).matrix
      do throws(DomainError) {
        self.init(weights: try CriterionWeights(given.weights, criteria: matrix.columns))
      } catch { throw error.within("\(field).given") }
    case .method(let method):
      let data = try Self.required(data)
      switch try Require.value(method, "\(field).method") {
      case .unspecified, .UNRECOGNIZED, .equal: self.init(weights: .equal(data.matrix.columns))
      case .entropy:
        do throws(DomainError) {
          self.init(weights: try .entropy(data.matrix))
        } catch { throw error.within("matrix") }
      case .critic: self.init(weights: .critic(data.matrix))
      case .scheme:
        guard let weights = data.schemeWeights else {
          throw .invalid("\(field).method", "only a run has the weights of a scheme")
        }
        self.init(weights: try CriterionWeights(weights, criteria: weights.count))
      }
    }
  }

  private init(weights: CriterionWeights, hierarchy: AnalyticHierarchy? = nil) {
    self.weights = weights
    self.hierarchy = hierarchy
  }

  private static func required(_ data: AnalysedMatrix?) throws(DomainError) -> AnalysedMatrix {
    guard let data else {
      throw DomainError(.requiredFieldMissing, "matrix or run is required", field: "matrix")
    }
    return data
  }

  /// The size of a square matrix of so many cells; the next smaller one when it is not square.
  private static func size(of cells: Int) -> Int {
    var size = 1
    while (size + 1) * (size + 1) <= min(cells, 1_000) { size += 1 }
    return size
  }

  func proto(_ criteria: [String]) -> [Huirong_Evaluation_V1_CriterionWeight] {
    zip(criteria, weights.values).map { criterion, weight in
      var proto = Huirong_Evaluation_V1_CriterionWeight()
      proto.criterion = criterion
      proto.weight = weight
      return proto
    }
  }
}
