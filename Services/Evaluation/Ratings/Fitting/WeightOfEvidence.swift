import Foundation
import Kernel

/// Weight of evidence and information value of bins.
package enum WeightOfEvidence {
  /// Added to both counts of a bin that has firms of one outcome only, so that its logarithm is finite.
  static let continuity = 0.5

  /// ln((goods ÷ all goods) ÷ (bads ÷ all bads)), micro-units; 0 for a bin without firms.
  package static func micro(goods: Int64, bads: Int64, allGoods: Int64, allBads: Int64) -> Int64 {
    guard goods + bads > 0, let shares = shares(goods, bads, allGoods, allBads) else { return 0 }
    return Micro.rounded(log(shares.good / shares.bad)) ?? 0
  }

  /// Σ (good share − bad share) × weight of evidence, micro-units.
  package static func informationValueMicro(_ bins: [(goods: Int64, bads: Int64)]) -> Int64 {
    let allGoods = bins.reduce(0) { $0 + $1.goods }
    let allBads = bins.reduce(0) { $0 + $1.bads }
    var value = 0.0
    for bin in bins where bin.goods + bin.bads > 0 {
      guard let shares = shares(bin.goods, bin.bads, allGoods, allBads) else { continue }
      value += (shares.good - shares.bad) * log(shares.good / shares.bad)
    }
    return Micro.rounded(value) ?? 0
  }

  private static func shares(
    _ goods: Int64, _ bads: Int64, _ allGoods: Int64, _ allBads: Int64
  ) -> (good: Double, bad: Double)? {
    guard allGoods > 0, allBads > 0 else { return nil }
    let extra = goods == 0 || bads == 0 ? continuity : 0
    return ((Double(goods) + extra) / Double(allGoods), (Double(bads) + extra) / Double(allBads))
  }
}

/// Bins of a planned characteristic, with the development sample's counts.
enum Binner {
  static let maximumQuantiles = 100

  static func bins(_ plan: ScorecardPlan.Planned, _ values: [RatingValue]) throws(DomainError) -> [Bin] {
    let covers = try covers(plan, values)
    return covers.map { Bin(label: $0.label, cover: $0.cover, points: 0) }
      + [Bin(label: "missing", cover: .missing, points: 0)]
  }

  private static func covers(
    _ plan: ScorecardPlan.Planned, _ values: [RatingValue]
  ) throws(DomainError) -> [(label: String, cover: Bin.Cover)] {
    switch plan.binning {
    case .cuts(let cuts): return ranges(cuts)
    case .quantiles(let count):
      guard (2...maximumQuantiles).contains(count) else {
        throw DomainError(.schemeInvalid, "2 to \(maximumQuantiles) quantiles, not \(count)", field: plan.id)
      }
      let numbers = values.compactMap { value -> Int64? in
        if case .number(let number) = value { number } else { nil }
      }.sorted()
      return ranges(quantileCuts(numbers, count))
    case .groups(let groups, let other):
      return groups.map { ($0.label, .group($0.values)) } + [(other, .other)]
    }
  }

  /// The value at or below which k ÷ count of the sorted numbers lie, for k = 1 … count − 1; equal cuts fall together
  /// and a cut at the greatest number is none.
  static func quantileCuts(_ sorted: [Int64], _ count: Int) -> [Int64] {
    guard let greatest = sorted.last else { return [] }
    var cuts: [Int64] = []
    for step in 1..<count {
      let position = (step * sorted.count + count - 1) / count - 1
      let cut = sorted[max(0, position)]
      if cut != cuts.last, cut != greatest { cuts.append(cut) }
    }
    return cuts
  }

  private static func ranges(_ cuts: [Int64]) -> [(label: String, cover: Bin.Cover)] {
    var result: [(label: String, cover: Bin.Cover)] = []
    var lower: Int64?
    for cut in cuts {
      result.append(
        (
          lower.map { "> \($0), ≤ \(cut)" } ?? "≤ \(cut)",
          .range(ValueRange(lower: lower, upper: cut, upperInclusive: true))
        ))
      lower = cut
    }
    result.append((lower.map { "> \($0)" } ?? "any", .range(ValueRange(lower: lower, upper: nil))))
    return result
  }
}
