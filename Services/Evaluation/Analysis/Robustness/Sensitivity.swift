package import Kernel

/// What a ranking owes to a single criterion or to a single competitor.
package struct Sensitivity: Sendable {
  /// Alternatives × alternatives × criteria: dropping each alternative computes the whole ranking anew each time.
  package static let maximumWork = 50_000_000

  package struct CriterionEffect: Sendable, Hashable {
    package let criterion: String
    /// With the ranking on all criteria.
    package let correlation: RankCorrelation
    /// Whether another alternative is first, or first with others.
    package let leaderChanges: Bool
    package let largestShift: Double
    /// The alternative that moves furthest, the earliest among equals.
    package let furthest: String
    package let ranks: [Double]
  }

  package struct AlternativeEffect: Sendable, Hashable {
    package let alternative: String
    /// Pairs of the others whose order turns round, which by rights nobody's leaving should do.
    package let reversedPairs: Int
    /// Whether someone else leads than before, leaving the dropped one out of account.
    package let leaderChanges: Bool
  }

  private let matrix: DecisionMatrix
  private let weights: CriterionWeights
  private let method: RankingMethod
  private let decimals: Int?
  package let outcome: RankingOutcome

  package init(
    _ matrix: DecisionMatrix, _ weights: CriterionWeights, _ method: RankingMethod, decimals: Int? = nil
  ) throws(DomainError) {
    self.matrix = matrix
    self.weights = weights
    self.method = method
    self.decimals = decimals
    outcome = try method.apply(matrix, weights)
  }

  package var ranks: [Double] { outcome.ranks(.minimum, decimals: decimals) }

  /// The ranking without each criterion in turn, the others' weights scaled up to sum 1. Empty for one criterion.
  package func leavingOutCriteria(
    checkpoint: () throws(DomainError) -> Void
  ) throws(DomainError) -> [CriterionEffect] {
    guard matrix.columns > 1 else { return [] }
    let before = ranks
    var effects: [CriterionEffect] = []
    for index in 0..<matrix.columns {
      try checkpoint()
      let reduced = try method.without(criterion: index).apply(
        matrix.without(criterion: index), weights.without(criterion: index))
      let after = reduced.ranks(.minimum, decimals: decimals)
      let shifts = zip(before, after).map { ($0 - $1).magnitude }
      let furthest = shifts.indices.max { shifts[$0] != shifts[$1] ? shifts[$0] < shifts[$1] : $0 > $1 } ?? 0
      effects.append(
        CriterionEffect(
          criterion: matrix.criteria[index].id, correlation: RankCorrelation(before, after),
          leaderChanges: Self.leaders(before) != Self.leaders(after), largestShift: shifts[furthest],
          furthest: matrix.alternatives[furthest], ranks: after))
    }
    return effects
  }

  /// The rank-reversal test: the ranking without each alternative in turn. Empty for one alternative.
  /// - Throws: `BATCH_TOO_LARGE` naming `alternatives`.
  package func leavingOutAlternatives(
    checkpoint: () throws(DomainError) -> Void
  ) throws(DomainError) -> [AlternativeEffect] {
    guard matrix.rows > 1 else { return [] }
    guard matrix.rows * matrix.rows * matrix.columns <= Self.maximumWork else {
      throw DomainError(
        .batchTooLarge, "alternatives² × criteria are at most \(Self.maximumWork)", field: "rank_reversal")
    }
    let all = ranks
    var effects: [AlternativeEffect] = []
    for index in 0..<matrix.rows {
      try checkpoint()
      var before = all
      before.remove(at: index)
      let after = try method.apply(matrix.without(alternative: index), weights).ranks(.minimum, decimals: decimals)
      effects.append(
        AlternativeEffect(
          alternative: matrix.alternatives[index], reversedPairs: Self.reversedPairs(before, after),
          leaderChanges: Self.leaders(before) != Self.leaders(after)))
    }
    return effects
  }

  /// Indexes that share the best rank.
  private static func leaders(_ ranks: [Double]) -> [Int] {
    let best = ranks.min()
    return ranks.indices.filter { ranks[$0] == best }
  }

  /// Pairs strictly ordered both before and after, and the other way round.
  private static func reversedPairs(_ before: [Double], _ after: [Double]) -> Int {
    let order = before.indices.sorted { (before[$0], after[$0]) < (before[$1], after[$1]) }
    return Inversions.count(order.map { after[$0] })
  }
}
