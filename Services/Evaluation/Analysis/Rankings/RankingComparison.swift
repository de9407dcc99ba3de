package import Kernel

/// Scores of named alternatives: a ranking before its places.
package struct ScoredList: Sendable {
  package let label: String
  package let alternatives: [String]
  package let scores: [Double]
  package let higherIsBetter: Bool

  /// - Throws: `INVALID_ARGUMENT` and others naming `alternatives` or `scores` with the index.
  package init(label: String, alternatives: [String], scores: [Double], higherIsBetter: Bool) throws(DomainError) {
    try Bounds.ids(alternatives, maximum: DecisionMatrix.maximumAlternatives, "alternatives")
    guard scores.count == alternatives.count else {
      throw .invalid("scores", "\(alternatives.count) alternatives need as many scores, not \(scores.count)")
    }
    for (index, score) in scores.enumerated() { try Bounds.finite(score, "scores[\(index)]") }
    self.label = label
    self.alternatives = alternatives
    self.scores = scores
    self.higherIsBetter = higherIsBetter
  }
}

/// Two rankings by the alternatives that both have.
package struct RankingComparison: Sendable {
  package let first: String
  package let second: String
  package let commonCount: Int
  package let correlation: RankCorrelation
  /// Whose places among the common alternatives differ most; the earliest of the first list among equals.
  package let furthest: String
  package let largestShift: Double

  package init(_ first: ScoredList, _ second: ScoredList) {
    var positions: [String: Int] = [:]
    for (index, alternative) in second.alternatives.enumerated() { positions[alternative] = index }
    let common = first.alternatives.indices.compactMap { index in
      positions[first.alternatives[index]].map { (index, $0) }
    }
    let ranks = Ranks.of(
      common.map { first.scores[$0.0] }, higherIsBetter: first.higherIsBetter, ties: .minimum)
    let others = Ranks.of(
      common.map { second.scores[$0.1] }, higherIsBetter: second.higherIsBetter, ties: .minimum)
    let shifts = zip(ranks, others).map { ($0 - $1).magnitude }
    let largest = shifts.max() ?? 0
    self.first = first.label
    self.second = second.label
    commonCount = common.count
    correlation = RankCorrelation(ranks, others)
    furthest = shifts.firstIndex(of: largest).map { first.alternatives[common[$0].0] } ?? ""
    largestShift = largest
  }
}
