import Kernel
import Synchronization
import Testing

@testable import EvaluationAnalysis

@Suite("Robustness of a ranking") struct RobustnessTests {
  @Test func `the number of workers changes nothing, the seed does`() async throws {
    let matrix = try Given.random(rows: 12, columns: 4, seed: 1)
    func run(_ seed: UInt64, workers: Int) async throws -> [RankDistribution] {
      try await RankSimulation(
        matrix, base: .equal(4), sampling: .uniform, normalisations: Normalisation.allCases, samples: 500, seed: seed
      ).run(workers: workers)
    }
    let once = try await run(7, workers: 1)
    for workers in [2, 3, 5] { #expect(try await run(7, workers: workers) == once) }
    #expect(try await run(8, workers: 2) != once)
  }

  @Test func `ranks are those of sorting, whatever the scores are`() throws {
    var source = Generator(seed: 9)
    for round in 0..<120 {
      let count = round < 100 ? 1 + Int(source.next() % 90) : [1, 1000, 1025, RankSorter.maximumCount][round / 5 % 4]
      let scores: [Double] = (0..<count).map { index in
        switch round % 5 {
        case 0: Double(source.next() % 10)
        case 1: Double(source.next() % 1_000_000) / 7
        case 2: index == 0 ? 1e90 : Double(source.next() % 50)
        case 3: index == 0 ? 5e-324 : 0
        default: 3
        }
      }
      var ranks = [UInt16](repeating: 0, count: count)
      let sorter = RankSorter(count: count)
      for _ in 0..<2 {
        ranks.withUnsafeMutableBufferPointer { ranks in
          scores.withUnsafeBufferPointer { scores in
            guard let from = scores.baseAddress, let to = ranks.baseAddress else { return }
            sorter.rank(from, low: scores.min() ?? 0, high: scores.max() ?? 0, into: to)
          }
        }
        #expect(ranks.map { Double($0) + 1 } == Ranks.of(scores, higherIsBetter: true, ties: .minimum))
      }
    }
  }

  @Test func `a dominating alternative is always first and a dominated one always last`() async throws {
    let matrix = try Given.matrix([[1, 9], [9, 1], [10, 10], [0, 0]], "++")
    let found = try await RankSimulation(
      matrix, base: .equal(2), sampling: .uniform, normalisations: [.minMax, .vector], samples: 2_000, seed: 4
    ).run()
    #expect(found[2].firstShare == 1 && found[2].worst == 1)
    #expect(found[3].best == 4 && found[3].mean == 4)
    for index in 0...1 {
      #expect(found[index].fifth == 2 && found[index].ninetyFifth == 3)
      #expect((found[index].mean - 2.5).magnitude < 0.1, "the two are alike")
    }
  }

  @Test func `distributions count what was counted`() {
    let counts: [UInt32] = [5, 0, 90, 5]
    let found = RankDistribution(counts: counts[...], samples: 100)
    #expect([found.fifth, found.median, found.ninetyFifth, found.best, found.worst] == [1, 3, 3, 1, 4])
    #expect(found.mean == 2.95 && found.firstShare == 0.05)
  }

  @Test func `drawn weights have the mean of their base and sum to 1`() throws {
    let base = [0.5, 0.3, 0.2, 0]
    for sampling in [WeightSampling.dirichlet(concentration: 20), .dirichlet(concentration: 0.1), .band(share: 0.5)] {
      var sums = [Double](repeating: 0, count: 4)
      let draws = 4_000
      let weights = UnsafeMutableBufferPointer<Double>.allocate(capacity: 4)
      defer { weights.deallocate() }
      weights.initialize(repeating: 0)
      for sample in 0..<draws {
        var random = RandomSource(seed: 1, stream: UInt64(sample))
        base.withUnsafeBufferPointer { sampling.draw(&random, base: $0, into: weights) }
        #expect((weights.reduce(0, +) - 1).magnitude < 1e-12)
        for index in 0..<4 { sums[index] += weights[index] / Double(draws) }
      }
      #expect(isClose(sums, base, within: 0.03), "\(sampling)")
      #expect(sums[3] == 0, "what has no weight gets none")
    }
  }

  @Test func `uniform weights are uniform on the simplex`() {
    // The largest of three weights is above ½ with probability ¾; a single one exceeds t with (1 − t)².
    let weights = UnsafeMutableBufferPointer<Double>.allocate(capacity: 3)
    defer { weights.deallocate() }
    weights.initialize(repeating: 0)
    let base = [1.0 / 3, 1.0 / 3, 1.0 / 3]
    var (half, tail) = (0, 0)
    for sample in 0..<20_000 {
      var random = RandomSource(seed: 3, stream: UInt64(sample))
      base.withUnsafeBufferPointer { WeightSampling.uniform.draw(&random, base: $0, into: weights) }
      if weights.contains(where: { $0 > 0.5 }) { half += 1 }
      if weights[0] > 0.3 { tail += 1 }
    }
    #expect((Double(half) / 20_000 - 0.75).magnitude < 0.02)
    #expect((Double(tail) / 20_000 - 0.49).magnitude < 0.02)
  }

  @Test func `the generator is xoshiro256++ as published`() {
    // The reference implementation from the state 1, 2, 3, 4.
    var source = RandomSource(state: (1, 2, 3, 4))
    let expected: [UInt64] = [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]
    #expect((0..<4).map { _ in source.next() } == expected)
  }

  @Test func `a simulation that nobody waits for ends`() async throws {
    let simulation = try RankSimulation(
      try Given.random(rows: 20, columns: 3, seed: 1), base: .equal(3), sampling: .uniform, normalisations: [.minMax],
      samples: 100_000, seed: 1)
    let looks = Mutex(0)
    await #expect(throws: DomainError.self) {
      try await simulation.run {
        let count = looks.withLock { count in
          count += 1
          return count
        }
        if count > 3 { throw DomainError(.cancelled, "the call was cancelled") }
      }
    }
    #expect(looks.withLock(\.self) < 20)
  }

  @Test func `bounds are named`() throws {
    let matrix = try Given.random(rows: 3, columns: 2, seed: 1)
    func refused(
      _ sampling: WeightSampling = .uniform, _ normalisations: [Normalisation] = [.minMax], samples: Int = 10
    ) -> String? {
      refusal {
        _ = try RankSimulation(
          matrix, base: .equal(2), sampling: sampling, normalisations: normalisations, samples: samples, seed: 0)
      }
    }
    #expect(refused(samples: 0) == "INVALID_ARGUMENT samples")
    #expect(refused(.uniform, []) == "INVALID_ARGUMENT normalisations")
    #expect(refused(.band(share: 1.1)) == "INVALID_ARGUMENT share")
    #expect(refused(.dirichlet(concentration: .nan)) == "INVALID_ARGUMENT concentration")
  }

  @Test func `a criterion that alone decides is found by leaving it out`() throws {
    let matrix = try Given.matrix([[9, 5, 1], [5, 5, 2], [1, 5, 3]], "+++")
    let sensitivity = try Sensitivity(matrix, try Given.weights([8, 1, 1]), .weightedSum(.minMax))
    let effects = try sensitivity.leavingOutCriteria {}
    #expect(effects.map(\.leaderChanges) == [true, false, false])
    #expect(effects[0].correlation.kendall == -1 && effects[0].largestShift == 2 && effects[0].furthest == "a0")
    #expect(effects[1].correlation.kendall == 1)
  }

  @Test func `rank reversal: the weighted sum of shares of the maximum turns round when the maximum leaves`() throws {
    // With a2 the first criterion is flattened and a1 leads a0; without it a0 leads.
    let matrix = try Given.matrix([[10, 5], [5, 9], [100, 0]], "++")
    let sensitivity = try Sensitivity(matrix, .equal(2), .weightedSum(.maximum))
    #expect(sensitivity.ranks == [3, 1, 2])
    let effects = try sensitivity.leavingOutAlternatives {}
    // Without a1 the second criterion is stretched and a0 passes a2.
    #expect(effects.map(\.reversedPairs) == [0, 1, 1])
    #expect(effects[2].leaderChanges)
  }
}
