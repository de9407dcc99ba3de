import Foundation
package import Kernel

/// How scores differ between groups of one ranking: regions, types, peer groups.
package struct GroupComparison: Sendable, Hashable {
  /// More groups than anyone reads.
  package static let maximumGroups = 100

  package struct Group: Sendable, Hashable {
    package let name: String
    package let count: Int
    package let mean: Double
    /// Quartiles by linear interpolation between neighbours (numpy's default, Excel's QUARTILE.INC).
    package let lowerQuartile: Double
    package let median: Double
    package let upperQuartile: Double
    /// Among all alternatives, equal scores sharing the mean of their places.
    package let meanRank: Double
    /// Equal scores share the best place.
    package let bestRank: Int
    package let bestAlternative: String
    package let firstQuarterCount: Int
  }

  /// Kruskal and Wallis' test on average ranks, corrected for ties.
  package struct Test: Sendable, Hashable {
    package let statistic: Double
    package let degreesOfFreedom: Int
    /// By the χ² distribution.
    package let pValue: Double
  }

  /// Best mean place first, then by name.
  package let groups: [Group]
  /// η²: the share of the scores' variance between the groups; `nil` when all scores are equal.
  package let betweenShare: Double?
  /// `nil` for one group, or when all scores are equal.
  package let test: Test?

  /// - Parameter names: the group of each alternative.
  /// - Throws: `INVALID_ARGUMENT` or `BATCH_TOO_LARGE` naming `groups`.
  package init(_ list: ScoredList, groups names: [String]) throws(DomainError) {
    guard names.count == list.scores.count else {
      throw .invalid("groups", "\(list.scores.count) alternatives need as many groups, not \(names.count)")
    }
    for (index, name) in names.enumerated() where name.utf8.count > Bounds.maximumIDBytes {
      throw .invalid("groups[\(index)]", "a group has at most \(Bounds.maximumIDBytes) bytes")
    }
    var members: [String: [Int]] = [:]
    for (index, name) in names.enumerated() { members[name, default: []].append(index) }
    guard members.count <= Self.maximumGroups else {
      throw DomainError(
        .batchTooLarge, "at most \(Self.maximumGroups) groups, not \(members.count)", field: "groups")
    }
    let averages = Ranks.of(list.scores, higherIsBetter: list.higherIsBetter, ties: .average)
    let bests = Ranks.of(list.scores, higherIsBetter: list.higherIsBetter, ties: .minimum)
    // In the order of the names: sums of real numbers depend on their order.
    let ordered = members.sorted { $0.key < $1.key }
    groups = ordered.map { Self.group($0.key, $0.value, list, averages: averages, bests: bests) }
      .sorted { ($0.meanRank, $0.name) < ($1.meanRank, $1.name) }
    betweenShare = Self.betweenShare(list.scores, ordered.map(\.value))
    test = Self.test(averages, ordered.map(\.value))
  }

  private static func group(
    _ name: String, _ indexes: [Int], _ list: ScoredList, averages: [Double], bests: [Double]
  ) -> Group {
    let scores = indexes.map { list.scores[$0] }.sorted()
    let best = indexes.min { (bests[$0], $0) < (bests[$1], $1) } ?? 0
    return Group(
      name: name, count: indexes.count, mean: mean(scores), lowerQuartile: quantile(scores, 0.25),
      median: quantile(scores, 0.5), upperQuartile: quantile(scores, 0.75),
      meanRank: mean(indexes.map { averages[$0] }),
      bestRank: Int(bests[best]), bestAlternative: list.alternatives[best],
      firstQuarterCount: indexes.count { bests[$0] * 4 <= Double(list.scores.count) })
  }

  /// Around the first value: equal values have exactly that mean.
  private static func mean(_ values: [Double]) -> Double {
    guard let origin = values.first else { return 0 }
    return origin + values.reduce(0) { $0 + ($1 - origin) } / Double(values.count)
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return sorted[below] }
    let weight = position - Double(below)
    return sorted[below] * (1 - weight) + sorted[below + 1] * weight
  }

  private static func betweenShare(_ scores: [Double], _ groups: [[Int]]) -> Double? {
    guard let first = scores.first, scores.contains(where: { $0 != first }) else { return nil }
    // In units of the largest deviation, so that no square overflows or vanishes.
    let centre = mean(scores)
    let reach = scores.map { ($0 - centre).magnitude }.max() ?? 0
    guard reach > 0 else { return nil }
    let scaled = scores.map { ($0 - centre) / reach }
    let total = scaled.reduce(0) { $0 + $1 * $1 }
    let between = groups.reduce(0) { sum, indexes in
      let level = indexes.reduce(0) { $0 + scaled[$1] } / Double(indexes.count)
      return sum + Double(indexes.count) * level * level
    }
    return min(1, between / total)
  }

  private static func test(_ ranks: [Double], _ groups: [[Int]]) -> Test? {
    let count = Double(ranks.count)
    var ties: [Double: Double] = [:]
    for rank in ranks { ties[rank, default: 0] += 1 }
    let tied = ties.values.reduce(0) { $0 + ($1 * $1 * $1 - $1) }
    let correction = 1 - tied / (count * count * count - count)
    guard groups.count > 1, ties.count > 1, correction > 0 else { return nil }
    let centre = (count + 1) / 2
    let spread = groups.reduce(0) { sum, indexes in
      let distance = indexes.reduce(0) { $0 + (ranks[$1] - centre) }
      return sum + distance * distance / Double(indexes.count)
    }
    let statistic = 12 / (count * (count + 1)) * spread / correction
    return Test(
      statistic: statistic, degreesOfFreedom: groups.count - 1,
      pValue: ChiSquared.tail(statistic, degreesOfFreedom: groups.count - 1))
  }
}

enum ChiSquared {
  /// The chance of a value above x, from the finite sums that whole degrees of freedom have. Every term is positive, so
  /// nothing cancels.
  /// - Parameter degreesOfFreedom: 1 to 99; beyond some hundreds the first term would vanish.
  static func tail(_ x: Double, degreesOfFreedom: Int) -> Double {
    guard x > 0 else { return 1 }
    let half = x / 2
    var (sum, term, order): (Double, Double, Double)
    if degreesOfFreedom % 2 == 0 {
      (term, order) = (exp(-half), 1)
      sum = term
    } else {
      // Γ(3/2) = √π ÷ 2.
      (term, order) = (2 * exp(-half) * (half / .pi).squareRoot(), 1.5)
      sum = erfc(half.squareRoot()) + (degreesOfFreedom > 1 ? term : 0)
    }
    let terms = (degreesOfFreedom - 1) / 2 - (degreesOfFreedom % 2 == 0 ? 0 : 1)
    for _ in 0..<max(0, terms) {
      term *= half / order
      order += 1
      sum += term
    }
    return min(1, sum)
  }
}
