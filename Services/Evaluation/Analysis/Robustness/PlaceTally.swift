/// How often each of a set of alternatives had each place, with samples that an alternative took no part in.
package struct PlaceTally: Sendable {
  private let alternatives: Int
  private var counts: [UInt32]

  package init(alternatives: Int) {
    self.alternatives = alternatives
    counts = [UInt32](repeating: 0, count: alternatives * alternatives)
  }

  /// - Parameter rank: 1 to the number of alternatives.
  package mutating func add(_ alternative: Int, rank: Int) {
    counts[alternative * alternatives + rank - 1] += 1
  }

  package mutating func add(_ other: PlaceTally) {
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  package func samples(of alternative: Int) -> Int { row(alternative).reduce(0) { $0 + Int($1) } }

  /// `nil` for an alternative without a sample.
  package func distribution(of alternative: Int) -> RankDistribution? {
    let samples = samples(of: alternative)
    return samples > 0 ? RankDistribution(counts: row(alternative), samples: samples) : nil
  }

  private func row(_ alternative: Int) -> ArraySlice<UInt32> {
    counts[(alternative * alternatives)..<((alternative + 1) * alternatives)]
  }
}
