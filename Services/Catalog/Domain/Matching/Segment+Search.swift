extension Segment {
  /// Below one eligible offer in eight, visiting the set bits is cheaper than walking the order.
  private static let sparseFactor = 8

  /// The best offers for a profile and how many are eligible.
  /// - Parameter dead: as in `withFailures`.
  func search(
    _ profile: Profile, limit: Int, level: ReferenceLevel, dead: [UInt64]
  ) -> (top: [TopMatches.Entry], eligible: Int) {
    if offers.isEmpty { return ([], 0) }
    let order = order(level)
    return withFailures(profile, dead: dead) { fail in
      var eligible = 0
      for word in 0..<productWords { eligible += (~fail[word]).nonzeroBitCount }
      if eligible == 0 { return ([], 0) }
      var visit = Visit(self, order, profile, limit: limit)
      // Few: visit each. Many: walk the static order and stop where nothing further can enter.
      if eligible * Self.sparseFactor < offers.count {
        visit.bits(fail, words: productWords, offerOfBit)
      } else {
        visit.order(fail, bits)
      }
      return (visit.top.sorted(), eligible)
    } ?? ([], 0)
  }
}

/// One walk over eligible offers that keeps the best.
private struct Visit {
  var top: TopMatches
  private let table: ScoringTable
  private let ranks: RankOrder
  private let amount: Int64
  /// Security points by the product's accepted modes (five bits).
  private let securityPoints: [Int32]

  init(_ segment: Segment, _ order: RankOrder, _ profile: Profile, limit: Int) {
    top = TopMatches(limit: limit)
    table = segment.scoring
    ranks = order
    amount = profile[.amount] ?? 0
    securityPoints = (0..<UInt8(32)).map { Int32(ScoreRules.security($0, profile.securityPreference)) }
  }

  mutating func bits(_ fail: UnsafeMutablePointer<UInt64>, words: Int, _ offerOfBit: [Int32]) {
    for word in 0..<words {
      var rest = ~fail[word]
      while rest != 0 {
        consider(offerOfBit[word * 64 + rest.trailingZeroBitCount])
        rest &= rest - 1
      }
    }
  }

  mutating func order(_ fail: UnsafeMutablePointer<UInt64>, _ bits: [Int]) {
    for offer in ranks.offers {
      if ranks.points[Int(offer)] + Int32(ScoreRules.highestDynamic) < top.threshold { return }
      let bit = bits[Int(offer)]
      if fail[bit >> 6] & (1 << UInt64(bit & 63)) == 0 { consider(offer) }
    }
  }

  private mutating func consider(_ offer: Int32) {
    let index = Int(offer)
    let points = ranks.points[index]
    if points + Int32(ScoreRules.highestDynamic) < top.threshold { return }
    let total =
      points + securityPoints[Int(table.security[index] & 31)]
      + Int32(ScoreRules.amount(amount, limit: table.limit[index]))
    if total < top.threshold { return }
    top.offer(TopMatches.Entry(total: total, offer: offer, allIn: ranks.allIn[index]))
  }
}
