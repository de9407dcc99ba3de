package import Kernel

/// What the ratios of institutions may truly be, when each rests on a number of cases: a beta distribution for each, drawn
/// towards what all of them show together (the empirical Bayes of small areas).
///
/// With ratio p, cases n, the common ratio μ = Σ n·p ÷ Σ n and a prior of m cases it is Beta(m·μ + n·p, m·(1 − μ) + n·(1 −
/// p)): mean (m·μ + n·p) ÷ (m + n). A ratio of amounts counts its cases as of one size.
package struct RatioPosterior: Sendable {
  package struct Observation: Sendable, Hashable {
    /// 0 to 1.
    package let ratio: Double
    /// 0 and more.
    package let cases: Double
    package init(ratio: Double, cases: Double) {
      self.ratio = ratio
      self.cases = cases
    }
  }
  package static let priorCases = 0.1...1e6

  package let commonRatio: Double
  private let shapes: [(bad: Double, good: Double)]

  /// - Throws: `INVALID_ARGUMENT` naming `prior_cases`; `DATA_REFUSED` when there is no case at all.
  package init(_ observations: [Observation], priorCases: Double) throws(DomainError) {
    try Bounds.number(priorCases, in: Self.priorCases, "prior_cases")
    let cases = observations.reduce(0) { $0 + $1.cases }
    guard cases > 0 else { throw DomainError(.dataRefused, "no institution has a case", field: "count_indicator") }
    let common = observations.reduce(0) { $0 + $1.ratio * $1.cases } / cases
    commonRatio = common
    shapes = observations.map { observation in
      (
        bad: priorCases * common + observation.cases * observation.ratio,
        good: priorCases * (1 - common) + observation.cases * (1 - observation.ratio)
      )
    }
  }

  /// Draws a ratio for each observation, in their order. A common ratio of 0 or 1 leaves nothing to draw.
  func draw(_ random: inout RandomSource) -> [Double] {
    shapes.map { shape in
      if shape.bad <= 0 { return 0 }
      if shape.good <= 0 { return 1 }
      let (bad, good) = (random.gamma(shape.bad), random.gamma(shape.good))
      // Both round to 0 for tiny shapes alone.
      return bad + good > 0 ? bad / (bad + good) : commonRatio
    }
  }
}

/// Draws of several ratios for one set of institutions, sample by sample.
package struct RatioDraws: Sendable {
  private let posteriors: [RatioPosterior]
  private let seed: UInt64

  package init(_ posteriors: [RatioPosterior], seed: UInt64) {
    self.posteriors = posteriors
    self.seed = seed
  }

  /// Ratio by ratio, as the observations stand. A sample has a stream of its own: who draws when changes nothing.
  package func sample(_ index: Int) -> [[Double]] {
    var random = RandomSource(seed: seed, stream: UInt64(index))
    return posteriors.map { $0.draw(&random) }
  }
}
