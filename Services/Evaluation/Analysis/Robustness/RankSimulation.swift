package import Kernel

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
    func place(_ percent: Int) -> Int {
      var sum = 0
      for (index, count) in counts.enumerated() {
        sum += Int(count)
        if sum * 100 >= percent * samples { return index + 1 }
      }
      return counts.count
    }
    let sum = counts.enumerated().reduce(0) { $0 + ($1.offset + 1) * Int($1.element) }
    fifth = place(5)
    median = place(50)
    ninetyFifth = place(95)
    best = (counts.firstIndex { $0 > 0 } ?? counts.startIndex) - counts.startIndex + 1
    worst = (counts.lastIndex { $0 > 0 } ?? counts.startIndex) - counts.startIndex + 1
    mean = Double(sum) / Double(samples)
    firstShare = Double(counts.first ?? 0) / Double(samples)
  }
}

/// Monte-Carlo over weights and normalisations: each sample draws weights, takes the next normalisation in turn, sums,
/// and ranks (equal sums share the best place).
package struct RankSimulation: Sendable {
  /// A table of counts has alternatives² cells a worker: 16 MB at this bound.
  package static let maximumAlternatives = 2_000
  package static let maximumSamples = 1_000_000
  /// Alternatives × criteria × samples: some seconds of both cores.
  package static let maximumWork = 2_000_000_000
  /// Samples between two looks at whether anyone still waits: about a millisecond for 1 000 alternatives.
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
    let counts = try await withThrowingTaskGroup(of: RankCounts.self) { group in
      for worker in 0..<workers {
        group.addTask { try await count(from: worker, step: workers, checkpoint) }
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

  private func count(
    from first: Int, step: Int, _ checkpoint: @Sendable () throws -> Void
  ) async throws -> RankCounts {
    let worker = Worker(alternatives: alternatives, criteria: base.count, chunk: Self.chunk)
    for start in stride(from: first * Self.chunk, to: samples, by: step * Self.chunk) {
      try checkpoint()
      countChunk(start..<min(start + Self.chunk, samples), worker)
      // The threads belong to everyone's calls.
      await Task.yield()
    }
    return worker.counts()
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

  let weights: UnsafeMutableBufferPointer<Double>
  private let alternatives: Int
  private let chunk: Int
  private let scores: UnsafeMutableBufferPointer<Block>
  private var low = 0.0
  private var high = 0.0
  /// Ranks of a chunk's samples, alternative by alternative.
  private let ranks: UnsafeMutableBufferPointer<UInt16>
  private let tallies: UnsafeMutableBufferPointer<UInt32>
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
    weights.initialize(repeating: 0)
    scores.initialize(repeating: .zero)
    ranks.initialize(repeating: 0)
    tallies.initialize(repeating: 0)
    sorter = RankSorter(count: alternatives)
  }

  deinit {
    weights.deallocate()
    scores.deallocate()
    ranks.deallocate()
    tallies.deallocate()
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
      sorter.rank(scores, low: low, high: high, into: ranks + slot, stride: chunk)
    }
  }

  /// Counts the ranks of a chunk, alternative by alternative: each one's counts stay in the nearest cache meanwhile.
  func tally(_ samples: Int) {
    guard let ranks = ranks.baseAddress, let tallies = tallies.baseAddress else { return }
    for alternative in 0..<alternatives {
      let row = tallies + alternative * alternatives
      let places = ranks + alternative * chunk
      for sample in 0..<samples { row[Int(places[sample])] &+= 1 }
    }
  }

  func counts() -> RankCounts { RankCounts(alternatives: alternatives, cells: Array(tallies)) }
}
