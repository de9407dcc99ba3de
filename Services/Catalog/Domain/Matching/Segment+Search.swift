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
      var visit = Visit(order, profile, limit: limit)
      // Few: visit each. Many: walk the static order and stop where nothing further can enter.
      if eligible * Self.sparseFactor < offers.count {
        visit.all(fail, words: productWords)
      } else {
        visit.inOrder(fail)
      }
      return (visit.top.sorted(), eligible)
    } ?? ([], 0)
  }
}

/// One walk over eligible offers that keeps the best.
private struct Visit {
  var top: TopMatches
  private let bits: [Int32]
  private let records: [RankOrder.Record]
  private let amount: Int64
  /// Security points by the product's accepted modes (five bits).
  private let securityPoints: [Int32]

  init(_ order: RankOrder, _ profile: Profile, limit: Int) {
    top = TopMatches(limit: limit)
    bits = order.bits
    records = order.records
    amount = profile[.amount] ?? 0
    securityPoints = (0..<UInt8(32)).map { Int32(ScoreRules.security($0, profile.securityPreference)) }
  }

  mutating func all(_ fail: UnsafeMutablePointer<UInt64>, words: Int) {
    for word in 0..<words {
      var rest = ~fail[word]
      while rest != 0 {
        consider(records[word * 64 + rest.trailingZeroBitCount])
        rest &= rest - 1
      }
    }
  }

  mutating func inOrder(_ fail: UnsafeMutablePointer<UInt64>) {
    for bit in bits {
      let record = records[Int(bit)]
      if record.points + Int32(ScoreRules.highestDynamic) < top.threshold { return }
      if fail[Int(bit >> 6)] & (1 << UInt64(bit & 63)) == 0 { consider(record) }
    }
  }

  private mutating func consider(_ record: RankOrder.Record) {
    if record.points + Int32(ScoreRules.highestDynamic) < top.threshold { return }
    let total =
      record.points + securityPoints[Int(record.security & 31)]
      + Int32(ScoreRules.amount(amount, limit: record.limit))
    if total < top.threshold { return }
    top.offer(TopMatches.Entry(total: total, offer: record.offer, allIn: record.allIn))
  }
}
