/// How alternatives with equal scores share places: the methods of that name of `scipy.stats.rankdata`.
package enum TieMethod: Sendable, Hashable, CaseIterable {
  /// 1, 2.5, 2.5, 4.
  case average
  /// 1, 2, 2, 4.
  case minimum
  /// 1, 3, 3, 4.
  case maximum
  /// 1, 2, 2, 3.
  case dense
}

package enum Ranks {
  /// Places in the order of the scores, 1 the best. Scores are equal when the numbers are.
  package static func of(_ scores: [Double], higherIsBetter: Bool, ties: TieMethod) -> [Double] {
    let order = scores.indices.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : (scores[$0] > scores[$1]) == higherIsBetter
    }
    var ranks = [Double](repeating: 0, count: scores.count)
    var start = 0
    var group = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
      group += 1
      let rank: Double
      switch ties {
      case .average: rank = Double(start + 1 + end) / 2
      case .minimum: rank = Double(start + 1)
      case .maximum: rank = Double(end)
      case .dense: rank = Double(group)
      }
      for position in start..<end { ranks[order[position]] = rank }
      start = end
    }
    return ranks
  }

  /// Scores rounded half away from zero, so that what differs by rounding alone shares a place.
  static func rounded(_ scores: [Double], decimals: Int) -> [Double] {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return scores.map { score in
      let scaled = (score * scale).rounded(.toNearestOrAwayFromZero)
      // + 0 turns -0 into 0: they are equal and print alike.
      return scaled.isFinite ? scaled / scale + 0 : score
    }
  }
}
