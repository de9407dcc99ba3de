package import Kernel
import Synchronization

/// How an alternative's place varies over the samples.
package struct RankDistribution: Sendable, Hashable {
  /// The smallest place that at least 5 % of the samples do not exceed; then 50 % and 95 %.
  package let fifth: Int
  package let median: Int
  package let ninetyFifth: Int
  package let best: Int
  package let worst: Int
  package let mean: Double
  /// Share of the samples in which it is first, alone or with others.
  package let firstShare: Double

  /// - Parameter counts: by place, from the best; their sum is the number of samples, above 0.
  init(counts: ArraySlice<UInt32>, samples: Int) {
    var (reached, sum) = (0, 0)
    var percentiles = (0, 0, 0)
    var (best, worst) = (1, counts.count)
    counts.withUnsafeBufferPointer { counts in
      for index in 0..<counts.count where counts[index] > 0 {
        let (place, count) = (index + 1, Int(counts[index]))
        if reached == 0 { best = place }
        worst = place
        reached += count
        sum += place * count
        if percentiles.0 == 0, reached * 100 >= 5 * samples { percentiles.0 = place }
        if percentiles.1 == 0, reached * 100 >= 50 * samples { percentiles.1 = place }
        if percentiles.2 == 0, reached * 100 >= 95 * samples { percentiles.2 = place }
      }
    }
    (fifth, median, ninetyFifth) = percentiles
    self.best = best
    self.worst = worst
    mean = Double(sum) / Double(samples)
    firstShare = Double(counts.first ?? 0) / Double(samples)
  }
}

/// Monte-Carlo over weights and normalisations: each sample draws weights, takes the next normalisation in turn, sums,
/// and ranks (equal sums share the best place).
package struct RankSimulation: Sendable {
  /// A worker counts in two tables of alternatives² cells: 24 MB at this bound.
  package static let maximumAlternatives = 2_000
  package static let maximumSamples = 1_000_000
  /// Alternatives × criteria × samples: some seconds of both cores.
  package static let maximumWork = 2_000_000_000
  /// Samples between two looks at whether anyone still waits: a few milliseconds for 1 000 alternatives.
  private static let chunk = 256

  package let samples: Int
  private let seed: UInt64
  private let sampling: WeightSampling
  private let base: [Double]
  private let alternatives: Int
  /// For each normalisation the columns one after another, each filled up to whole blocks.
  private let tables: [[Double]]

  /// - Throws: `INVALID_ARGUMENT` or `BATCH_TOO_LARGE` naming `samples`, `alternatives`, `normalisations` or the
  ///   sampling's field.
  package init(
    _ matrix: DecisionMatrix, base: CriterionWeights, sampling: WeightSampling, normalisations: [Normalisation],
    samples: Int, seed: UInt64
  ) throws(DomainError) {
    try sampling.validate()
    try Bounds.count(samples, in: 1...Self.maximumSamples, "samples")
    try Bounds.count(matrix.rows, in: 1...Self.maximumAlternatives, "alternatives")
    try Bounds.count(normalisations.count, in: 1...Normalisation.allCases.count, "normalisations")
    guard matrix.rows * matrix.columns * samples <= Self.maximumWork else {
      throw DomainError(
        .batchTooLarge, "alternatives × criteria × samples are at most \(Self.maximumWork)", field: "samples")
    }
    self.samples = samples
    self.seed = seed
    self.sampling = sampling
    self.base = base.values
    alternatives = matrix.rows
    tables = normalisations.map { normalisation in
      (0..<matrix.columns).flatMap { index in
        let column = normalisation.column(index, of: matrix)
        return column + [Double](repeating: column[0], count: Worker.padded(column.count) - column.count)
      }
    }
  }

  /// The distributions in the order of the alternatives. The number of workers changes how long it takes and nothing
  /// else.
  /// - Parameter checkpoint: called every few milliseconds of work; what it throws ends the simulation.
  package func run(
    workers: Int = 2, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) async throws -> [RankDistribution] {
    let workers = max(1, min(workers, 16))
    let queue = ChunkQueue()
    let parts = try await withThrowingTaskGroup(of: RankCounts.self) { group in
      for _ in 0..<workers {
        group.addTask { try await count(queue, checkpoint) }
      }
      var parts: [RankCounts] = []
      for try await part in group { parts.append(part) }
      return parts
    }
    var row = [UInt32](repeating: 0, count: alternatives)
    return (0..<alternatives).map { alternative in
      for place in row.indices { row[place] = 0 }
      for part in parts { part.add(alternative, to: &row) }
      return RankDistribution(counts: row[...], samples: samples)
    }
  }

  private func count(_ queue: ChunkQueue, _ checkpoint: @Sendable () throws -> Void) async throws -> RankCounts {
    let worker = Worker(alternatives: alternatives, criteria: base.count, chunk: Self.chunk)
    while true {
      let start = queue.next() * Self.chunk
      guard start < samples else { return worker.counts() }
      try checkpoint()
      countChunk(start..<min(start + Self.chunk, samples), worker)
      // The threads belong to everyone's calls.
      await Task.yield()
    }
  }

  private func countChunk(_ range: Range<Int>, _ worker: Worker) {
    base.withUnsafeBufferPointer { base in
      var slot = 0
      // Samples of one normalisation in groups: a group reads the table once.
      for (index, table) in tables.enumerated() {
        let first = range.lowerBound + (index - range.lowerBound % tables.count + tables.count) % tables.count
        for start in stride(from: first, to: range.upperBound, by: tables.count * Worker.group) {
          var size = 0
          for sample in stride(from: start, to: range.upperBound, by: tables.count).prefix(Worker.group) {
            var random = RandomSource(seed: seed, stream: UInt64(sample))
            sampling.draw(&random, base: base, into: worker.weights(size))
            size += 1
          }
          table.withUnsafeBufferPointer { worker.score($0) }
          worker.rank(size, into: slot)
          slot += size
        }
      }
      worker.tally(slot)
    }
  }
}

/// Chunks of samples for whoever is free next: a worker whose processor others use takes fewer. What is counted does not depend on
/// who counts it.
private final class ChunkQueue: Sendable {
  private let taken = Atomic<Int>(0)

  func next() -> Int { taken.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// How often each alternative had each place, alternative by alternative.
struct RankCounts: Sendable {
  let alternatives: Int
  /// The last samples' counts, and those of the samples before when there were too many for 16 bits.
  let recent: [UInt16]
  let earlier: [UInt32]

  func add(_ alternative: Int, to row: inout [UInt32]) {
    let first = alternative * alternatives
    for place in row.indices { row[place] &+= UInt32(recent[first &+ place]) }
    if earlier.isEmpty { return }
    for place in row.indices { row[place] &+= earlier[first &+ place] }
  }
}

/// One worker's buffers, allocated once.
private final class Worker {
  private typealias Block = SIMD4<Double>
  /// Samples that are scored together, in the registers that there are.
  static let group = 4

  private let alternatives: Int
  private let criteria: Int
  private let chunk: Int
  /// Of a group's samples, one after another; likewise the scores, and the ranks before they are turned round.
  private let weights: UnsafeMutablePointer<Double>
  private let scores: UnsafeMutablePointer<Double>
  private let fresh: UnsafeMutablePointer<UInt16>
  private var lows: [Double]
  private var highs: [Double]
  private let padded: Int
  /// Ranks of a chunk's samples, alternative by alternative.
  private let ranks: UnsafeMutablePointer<UInt16>
  /// How often each alternative had each rank since the totals were last added to.
  private let tallies: UnsafeMutablePointer<UInt16>
  /// Empty as long as the tallies hold everything: a table less to fill and to read for most simulations.
  private var totals: [UInt32] = []
  /// Samples in the tallies.
  private var counted = 0
  private let sorter: RankSorter

  /// So many numbers in whole blocks.
  static func padded(_ count: Int) -> Int { (count + Block.scalarCount - 1) / Block.scalarCount * Block.scalarCount }

  init(alternatives: Int, criteria: Int, chunk: Int) {
    func zeros<Number: FixedWidthInteger>(_ count: Int) -> UnsafeMutablePointer<Number> {
      let pointer = UnsafeMutablePointer<Number>.allocate(capacity: count)
      pointer.initialize(repeating: 0, count: count)
      return pointer
    }
    self.alternatives = alternatives
    self.criteria = criteria
    self.chunk = chunk
    padded = Self.padded(alternatives)
    weights = .allocate(capacity: criteria * Self.group)
    weights.initialize(repeating: 0, count: criteria * Self.group)
    scores = .allocate(capacity: padded * Self.group)
    scores.initialize(repeating: 0, count: padded * Self.group)
    lows = [Double](repeating: 0, count: Self.group)
    highs = lows
    fresh = zeros(alternatives * Self.group)
    // The last group may reach beyond the chunk.
    ranks = zeros(alternatives * (chunk + Self.group))
    tallies = zeros(alternatives * alternatives)
    sorter = RankSorter(count: alternatives)
  }

  deinit {
    weights.deallocate()
    scores.deallocate()
    fresh.deallocate()
    ranks.deallocate()
    tallies.deallocate()
  }

  /// Where the weights of one of the group's samples go.
  func weights(_ sample: Int) -> UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: weights + sample * criteria, count: criteria)
  }

  /// Weighted sums of a table for the whole group, block by block with all criteria of a block in a row. What fills up the
  /// last block repeats the first alternative, so that it moves neither the least nor the greatest score.
  func score(_ table: UnsafeBufferPointer<Double>) {
    guard let start = table.baseAddress else { return }
    let (weights, criteria, padded) = (weights, criteria, padded)
    var low = (
      Block(repeating: .infinity), Block(repeating: .infinity), Block(repeating: .infinity), Block(repeating: .infinity)
    )
    var high = (-low.0, -low.1, -low.2, -low.3)
    for first in stride(from: 0, to: padded, by: Block.scalarCount) {
      var sums = (Block.zero, Block.zero, Block.zero, Block.zero)
      var position = start + first
      for criterion in 0..<criteria {
        let values = UnsafeRawPointer(position).loadUnaligned(as: Block.self)
        sums.0 += weights[criterion] * values
        sums.1 += weights[criteria &+ criterion] * values
        sums.2 += weights[2 &* criteria &+ criterion] * values
        sums.3 += weights[3 &* criteria &+ criterion] * values
        position += padded
      }
      low.0.replace(with: sums.0, where: sums.0 .< low.0)
      high.0.replace(with: sums.0, where: sums.0 .> high.0)
      low.1.replace(with: sums.1, where: sums.1 .< low.1)
      high.1.replace(with: sums.1, where: sums.1 .> high.1)
      low.2.replace(with: sums.2, where: sums.2 .< low.2)
      high.2.replace(with: sums.2, where: sums.2 .> high.2)
      low.3.replace(with: sums.3, where: sums.3 .< low.3)
      high.3.replace(with: sums.3, where: sums.3 .> high.3)
      let target = UnsafeMutableRawPointer(scores + first)
      target.storeBytes(of: sums.0, as: Block.self)
      (target + padded &* 8).storeBytes(of: sums.1, as: Block.self)
      (target + padded &* 16).storeBytes(of: sums.2, as: Block.self)
      (target + padded &* 24).storeBytes(of: sums.3, as: Block.self)
    }
    lows = [low.0.min(), low.1.min(), low.2.min(), low.3.min()]
    highs = [high.0.max(), high.1.max(), high.2.max(), high.3.max()]
  }

  /// Ranks the group's first samples and turns the ranks round.
  func rank(_ size: Int, into slot: Int) {
    let (fresh, alternatives, pitch) = (fresh, alternatives, chunk &+ Self.group)
    for sample in 0..<size {
      sorter.rank(scores + sample * padded, low: lows[sample], high: highs[sample], into: fresh + sample * alternatives)
    }
    var target = UnsafeMutableRawPointer(ranks + slot)
    for alternative in 0..<alternatives {
      let from = fresh + alternative
      let four = SIMD4(from[0], from[alternatives], from[2 &* alternatives], from[3 &* alternatives])
      target.storeBytes(of: four, as: SIMD4<UInt16>.self)
      target += pitch &* 2
    }
  }

  /// Counts the ranks of a chunk. Two alternatives at a time, so that one's next count does not wait for its last.
  func tally(_ samples: Int) {
    let (ranks, tallies, alternatives, pitch) = (ranks, tallies, alternatives, chunk &+ Self.group)
    for first in stride(from: 0, to: alternatives &- 1, by: 2) {
      let (one, other) = (ranks + first &* pitch, ranks + (first &+ 1) &* pitch)
      let (ones, others) = (tallies + first &* alternatives, tallies + (first &+ 1) &* alternatives)
      for sample in 0..<samples {
        ones[Int(one[sample])] &+= 1
        others[Int(other[sample])] &+= 1
      }
    }
    if alternatives % 2 == 1 {
      let (last, counts) = (ranks + (alternatives &- 1) &* pitch, tallies + (alternatives &- 1) &* alternatives)
      for sample in 0..<samples { counts[Int(last[sample])] &+= 1 }
    }
    counted += samples
    if counted > Int(UInt16.max) - chunk { carry() }
  }

  /// Adds the tallies to the totals before one of them could overflow.
  private func carry() {
    let cells = alternatives * alternatives
    if totals.isEmpty { totals = [UInt32](repeating: 0, count: cells) }
    for index in 0..<cells { totals[index] &+= UInt32(tallies[index]) }
    tallies.update(repeating: 0, count: cells)
    counted = 0
  }

  func counts() -> RankCounts {
    RankCounts(
      alternatives: alternatives,
      recent: Array(UnsafeBufferPointer(start: tallies, count: alternatives * alternatives)), earlier: totals)
  }
}
