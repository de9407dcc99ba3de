import EvaluationAnalysis
import EvaluationDomain
import Kernel

/// A ratio of the run with what every institution shows of it.
struct ObservedRatio: Sendable {
  struct Observation: Sendable {
    let institution: Int
    let numerator: Int64
    let denominator: Int64
    let cases: Int64
  }
  let numeratorID: String
  let observations: [Observation]
  let posterior: RatioPosterior

  init(_ ratio: RedrawnRun.Ratio, in evaluation: Evaluation) throws(DomainError) {
    let (grid, period) = (evaluation.grid, evaluation.input.scope.period)
    guard case .ratio(let numeratorID, let denominatorID) = grid.indicators[ratio.indicatorID]?.derivation else {
      throw .invalid("indicator", "\"\(ratio.indicatorID)\" is not a ratio that the run's scheme reads")
    }
    guard grid.indicators[numeratorID]?.derivation == nil else {
      throw .invalid("indicator", "its numerator \(numeratorID) follows from others and cannot be redrawn")
    }
    guard grid.indicators[ratio.countIndicatorID]?.unit == .count else {
      throw .invalid("count_indicator", "\"\(ratio.countIndicatorID)\" is not a count that the run's scheme reads")
    }
    var observations: [Observation] = []
    for institution in evaluation.input.institutions.indices {
      func value(_ id: String) throws(DomainError) -> Int64? {
        try grid.resolver.value(of: id, in: period, institution: institution).number
      }
      guard let numerator = try value(numeratorID), let denominator = try value(denominatorID), denominator > 0 else {
        continue
      }
      let cases = try value(ratio.countIndicatorID) ?? 0
      guard (0...denominator).contains(numerator), cases >= 0 else {
        throw DomainError(
          .dataRefused,
          "\(evaluation.input.institutions[institution].id): \(numerator) ÷ \(denominator) of \(cases) cases is no share",
          field: "indicator")
      }
      observations.append(
        Observation(institution: institution, numerator: numerator, denominator: denominator, cases: cases))
    }
    self.numeratorID = numeratorID
    self.observations = observations
    posterior = try RatioPosterior(
      observations.map { .init(ratio: Double($0.numerator) / Double($0.denominator), cases: Double($0.cases)) },
      priorCases: ratio.priorCases)
  }
}
