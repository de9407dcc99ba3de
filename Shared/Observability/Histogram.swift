import Atomics

/// Upper bounds of a histogram's buckets, as integers in a unit that the page divides into base units.
package struct HistogramBuckets: Sendable {
  /// Ascending, each inclusive.
  let bounds: [Int64]
  /// How many recorded units make one printed unit.
  let divisor: Double

  package init(bounds: [Int64], divisor: Double = 1) {
    self.bounds = bounds
    self.divisor = divisor
  }

  /// 50 µs to 10 s, recorded in nanoseconds, printed in seconds.
  package static let latency = HistogramBuckets(
    bounds: [
      50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
      100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ], divisor: 1_000_000_000)

  /// 1 to 1024 in powers of two: group sizes, page sizes.
  package static let powersOfTwo = HistogramBuckets(bounds: (0...10).map { 1 << $0 })
}

/// A distribution over fixed buckets; recording is two atomic additions.
package final class Histogram: Sendable {
  private let buckets: HistogramBuckets
  private let counts: [ManagedAtomic<Int64>]
  private let sum = ManagedAtomic<Int64>(0)

  init(_ buckets: HistogramBuckets) {
    self.buckets = buckets
    counts = (0...buckets.bounds.count).map { _ in ManagedAtomic(0) }
  }

  package func record(_ value: Int64) {
    var index = 0
    while index < buckets.bounds.count, buckets.bounds[index] < value { index += 1 }
    counts[index].wrappingIncrement(ordering: .relaxed)
    sum.wrappingIncrement(by: value, ordering: .relaxed)
  }

  /// Values recorded so far.
  package var count: Int64 { counts.reduce(0) { $0 + $1.load(ordering: .relaxed) } }

  func render(name: String, labels: String, into text: inout String) {
    let prefix = labels.isEmpty ? "" : labels + ","
    let suffix = labels.isEmpty ? "" : "{\(labels)}"
    var cumulative: Int64 = 0
    for (index, bound) in buckets.bounds.enumerated() {
      cumulative += counts[index].load(ordering: .relaxed)
      text += "\(name)_bucket{\(prefix)le=\"\(Metrics.format(Double(bound) / buckets.divisor))\"} \(cumulative)\n"
    }
    cumulative += counts[buckets.bounds.count].load(ordering: .relaxed)
    text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(cumulative)\n"
    text += "\(name)_sum\(suffix) \(Metrics.format(Double(sum.load(ordering: .relaxed)) / buckets.divisor))\n"
    text += "\(name)_count\(suffix) \(cumulative)\n"
  }
}
