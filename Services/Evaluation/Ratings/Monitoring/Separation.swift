/// How well points separate good from bad firms. Higher points mean better firms. All counts are whole numbers, so the
/// two figures are exact before their one rounding to parts per million.
package struct Separation: Sendable, Hashable {
  package let goods: Int64
  package let bads: Int64
  /// Area under the ROC curve: the chance that a good firm has more points than a bad one, ties counting half
  /// (Mann–Whitney U ÷ (goods × bads)). `nil` unless both occur.
  package let aucPPM: Int64?
  /// Kolmogorov–Smirnov: the largest distance between the two cumulative distributions, taken after each distinct
  /// number of points. `nil` unless both occur.
  package let ksPPM: Int64?

  package init(_ rows: [(points: Int64, outcome: Outcome)]) {
    let sorted = rows.sorted { $0.points < $1.points }
    let goods = Int64(rows.count { $0.outcome == .good })
    let bads = Int64(rows.count) - goods
    var (goodsBelow, badsBelow): (Int64, Int64) = (0, 0)
    var doubledU: Int128 = 0
    var largest: Int128 = 0
    var start = 0
    while start < sorted.count {
      var end = start
      var (goodsHere, badsHere): (Int64, Int64) = (0, 0)
      while end < sorted.count, sorted[end].points == sorted[start].points {
        if sorted[end].outcome == .good { goodsHere += 1 } else { badsHere += 1 }
        end += 1
      }
      doubledU += Int128(goodsHere) * Int128(2 * badsBelow + badsHere)
      goodsBelow += goodsHere
      badsBelow += badsHere
      let distance = Int128(badsBelow) * Int128(goods) - Int128(goodsBelow) * Int128(bads)
      largest = max(largest, distance < 0 ? -distance : distance)
      start = end
    }
    self.goods = goods
    self.bads = bads
    let pairs = Int128(goods) * Int128(bads)
    aucPPM = PPM.ratio(doubledU, 2 * pairs)
    ksPPM = PPM.ratio(largest, pairs)
  }
}
