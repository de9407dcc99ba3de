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
    for (index, count) in counts.enumerated() where count > 0 {
      let place = index + 1
      if reached == 0 { best = place }
      worst = place
      reached += Int(count)
      sum += place * Int(count)
      if percentiles.0 == 0, reached * 100 >= 5 * samples { percentiles.0 = place }
      if percentiles.1 == 0, reached * 100 >= 50 * samples { percentiles.1 = place }
      if percentiles.2 == 0, reached * 100 >= 95 * samples { percentiles.2 = place }
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
  /// - Parameter checkpoint: called about every millisecond of work; what it throws ends the simulation.
  package func run(
    workers: Int = 2, checkpoint: @escaping @Sendable () throws -> Void = {}
  ) async throws -> [RankDistribution] {
    let workers = max(1, min(workers, 16))
    let queue = ChunkQueue()
    let counts = try await withThrowingTaskGroup(of: RankCounts.self) { group in
      for _ in 0..<workers {
        group.addTask { try await count(queue, checkpoint) }
      }
      var total: RankCounts?
      for try await counts in group {
        total?.add(counts)
        total = total ?? counts
      }
      return total
    }
    guard let counts else { return [] }
    return (0..<alternatives).map { alternative in
      RankDistribution(counts: counts.row(alternative), samples: samples)
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
      for sample in range {
        var random = RandomSource(seed: seed, stream: UInt64(sample))
        sampling.draw(&random, base: base, into: worker.weights)
        tables[sample % tables.count].withUnsafeBufferPointer { worker.score($0) }
        worker.rank(sample - range.lowerBound)
      }
      worker.tally(range.count)
    }
  }
}

/// Chunks of samples for whoever is free next: a worker whose processor others use takes fewer. What is counted does not depend on
/// who counts it.
private final class ChunkQueue: Sendable {
  private let taken = Atomic<Int>(0)

  func next() -> Int { taken.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// How often each alternative had each place.
struct RankCounts: Sendable {
  let alternatives: Int
  private var cells: [UInt32]

  init(alternatives: Int, cells: [UInt32]) {
    self.alternatives = alternatives
    self.cells = cells
  }

  mutating func add(_ other: RankCounts) {
    for index in cells.indices { cells[index] += other.cells[index] }
  }

  func row(_ alternative: Int) -> ArraySlice<UInt32> {
    cells[(alternative * alternatives)..<((alternative + 1) * alternatives)]
  }
}

/// One worker's buffers, allocated once.
private final class Worker {
  private typealias Block = SIMD8<Double>
  /// Alternatives whose ranks are counted together.
  private static let tallied = 8

  let weights: UnsafeMutableBufferPointer<Double>
  private let alternatives: Int
  private let chunk: Int
  private let scores: UnsafeMutableBufferPointer<Block>
  private var low = 0.0
  private var high = 0.0
  /// Ranks of a chunk's samples, sample by sample.
  private let ranks: UnsafeMutableBufferPointer<UInt16>
  /// How often each alternative had each rank since the totals were last added to.
  private let tallies: UnsafeMutableBufferPointer<UInt16>
  private let totals: UnsafeMutableBufferPointer<UInt32>
  /// Samples in the tallies.
  private var counted = 0
  private let sorter: RankSorter

  /// So many numbers in whole blocks.
  static func padded(_ count: Int) -> Int { (count + Block.scalarCount - 1) / Block.scalarCount * Block.scalarCount }

  init(alternatives: Int, criteria: Int, chunk: Int) {
    self.alternatives = alternatives
    self.chunk = chunk
    weights = .allocate(capacity: criteria)
    scores = .allocate(capacity: Self.padded(alternatives) / Block.scalarCount)
    ranks = .allocate(capacity: alternatives * chunk)
    tallies = .allocate(capacity: alternatives * alternatives)
    totals = .allocate(capacity: alternatives * alternatives)
    weights.initialize(repeating: 0)
    scores.initialize(repeating: .zero)
    ranks.initialize(repeating: 0)
    tallies.initialize(repeating: 0)
    totals.initialize(repeating: 0)
    sorter = RankSorter(count: alternatives)
  }

  deinit {
    weights.deallocate()
    scores.deallocate()
    ranks.deallocate()
    tallies.deallocate()
    totals.deallocate()
  }

  /// Weighted sums of a table, block by block with all criteria of a block in a row. What fills up the last block repeats
  /// the first alternative, so that it moves neither the least nor the greatest score.
  func score(_ table: UnsafeBufferPointer<Double>) {
    let stride = scores.count &* Block.scalarCount
    var lows = Block(repeating: .infinity)
    var highs = -lows
    for block in 0..<scores.count {
      var sums = Block.zero
      var position = UnsafeRawPointer(table.baseAddress)?.advanced(by: block &* MemoryLayout<Block>.size)
      for criterion in 0..<weights.count {
        guard let values = position?.loadUnaligned(as: Block.self) else { return }
        sums += weights[criterion] * values
        position = position?.advanced(by: stride &* MemoryLayout<Double>.size)
      }
      scores[block] = sums
      lows.replace(with: sums, where: sums .< lows)
      highs.replace(with: sums, where: sums .> highs)
    }
    low = lows.min()
    high = highs.max()
  }

  func rank(_ slot: Int) {
    guard let ranks = ranks.baseAddress else { return }
    scores.withMemoryRebound(to: Double.self) { scores in
      guard let scores = scores.baseAddress else { return }
      sorter.rank(scores, low: low, high: high, into: ranks + slot * alternatives)
    }
  }

  /// Counts the ranks of a chunk, some alternatives at a time: their counts stay in the nearest cache meanwhile, and one
  /// alternative's next count does not wait for its last.
  func tally(_ samples: Int) {
    guard let ranks = ranks.baseAddress, let tallies = tallies.baseAddress else { return }
    for first in stride(from: 0, to: alternatives, by: Self.tallied) {
      let end = min(first &+ Self.tallied, alternatives)
      for sample in 0..<samples {
        let places = ranks + sample &* alternatives
        for alternative in first..<end {
          tallies[alternative &* alternatives &+ Int(places[alternative])] &+= 1
        }
      }
    }
    counted += samples
    if counted > Int(UInt16.max) - chunk { carry() }
  }

  /// Adds the tallies to the totals before one of them could overflow.
  private func carry() {
    for index in totals.indices { totals[index] &+= UInt32(tallies[index]) }
    tallies.update(repeating: 0)
    counted = 0
  }

  func counts() -> RankCounts {
    carry()
    return RankCounts(alternatives: alternatives, cells: Array(totals))
  }
}
