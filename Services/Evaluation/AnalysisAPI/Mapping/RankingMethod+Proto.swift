import EvaluationAnalysis
import Kernel
import Protos
import RPCEdge

extension RankingMethod {
  /// VIKOR's usual balance between the group's utility and the largest regret.
  private static let balancedV = 0.5

  init(_ proto: Huirong_Evaluation_V1_RankingMethod, criteria: Int) throws(DomainError) {
    switch proto.kind {
    case nil: throw DomainError(.requiredFieldMissing, "method is required", field: "method")
    case .weightedSum(let sum):
      self = .weightedSum(try Normalisation(sum.normalisation, "method.weighted_sum.normalisation"))
    case .topsis: self = .topsis
    case .vikor(let vikor): self = .vikor(v: vikor.hasV ? vikor.v : Self.balancedV)
    case .promethee(let promethee):
      let shape: PreferenceFunction.Shape
      switch try Require.known(promethee.shape, "method.promethee.shape") {
      case .unspecified, .usual, .UNRECOGNIZED: shape = .usual
      case .u: shape = .uShape
      case .v: shape = .vShape
      case .level: shape = .level
      case .linear: shape = .linear
      }
      self = .promethee(PreferenceFunction(shape, q: promethee.q, p: promethee.p))
    }
    do throws(DomainError) {
      try validate(criteria: criteria)
    } catch {
      if case .vikor = self { throw error.within("method.vikor") }
      throw error.within("method.promethee")
    }
  }
}

extension Normalisation {
  init(_ proto: Huirong_Evaluation_V1_Normalisation, _ field: String) throws(DomainError) {
    switch try Require.known(proto, field) {
    case .unspecified, .minMax, .UNRECOGNIZED: self = .minMax
    case .vector: self = .vector
    case .sum: self = .sum
    case .maximum: self = .maximum
    case .zScore: self = .zScore
    }
  }
}

extension TieMethod {
  init(_ proto: Huirong_Evaluation_V1_TieMethod, _ field: String) throws(DomainError) {
    switch try Require.known(proto, field) {
    case .unspecified, .minimum, .UNRECOGNIZED: self = .minimum
    case .average: self = .average
    case .maximum: self = .maximum
    case .dense: self = .dense
    }
  }
}

/// Decimals to which scores are compared; `nil` for exactly.
func comparedDecimals(_ isSet: Bool, _ decimals: Int32) throws(DomainError) -> Int? {
  isSet ? Int(try Require.number(decimals, in: 0...15, "decimals")) : nil
}
