import EvaluationDomain
import Kernel
import Testing

@Suite("Scoring functions, by hand-computed numbers") struct ScoringFunctionTests {
  private func score(
    _ function: ScoringFunction, _ value: Int64, _ direction: Direction = .higherIsBetter, peers: [Int64] = [],
    target: Int64? = nil, increment: Int64? = nil
  ) throws -> Int64 {
    try function.score(
      ScoringSubject(
        value: value, direction: direction, target: target, increment: increment,
        peers: peers.isEmpty ? nil : PeerStatistics(values: peers, direction: direction)))
  }

  @Test func `attainment is 100 points at the target and is never clamped unless the scheme says so`() throws {
    let plain = ScoringFunction.attainment(.init(target: .fixed(1_000_000)))
    #expect(try score(plain, 1_000_000) == Given.points(100))
    #expect(try score(plain, 1_080_000) == Given.points(108), "授信率 108 % stays 108")
    #expect(try score(plain, 0) == 0)
    #expect(try score(plain, -250_000) == Given.points(-25))
  }

  @Test func `attainment knows cap, floor, negative floor and threshold`() throws {
    let rule = ScoringFunction.attainment(
      .init(target: .fixed(300), thresholdPPM: 600_000, cap: Given.points(120), floor: Given.points(-20)))
    #expect(try score(rule, 360) == Given.points(120))
    #expect(try score(rule, 400) == Given.points(120))
    #expect(try score(rule, 180) == Given.points(60), "exactly 60 % counts")
    #expect(try score(rule, 179) == 0, "below the threshold nothing")
    #expect(try score(rule, -30) == Given.points(-10))
    #expect(try score(rule, -90) == Given.points(-20))
    #expect(try score(rule, 200) == 66_666_667, "two thirds, half away from zero")
  }

  @Test func `attainment of a lower-is-better target mirrors around the target`() throws {
    let rule = ScoringFunction.attainment(.init(target: .fixed(20_000), cap: Given.points(120), floor: 0))
    #expect(try score(rule, 20_000, .lowerIsBetter) == Given.points(100))
    #expect(try score(rule, 18_000, .lowerIsBetter) == Given.points(110))
    #expect(try score(rule, 0, .lowerIsBetter) == Given.points(120))
    #expect(try score(rule, 50_000, .lowerIsBetter) == 0)
  }

  @Test func `attainment of an own target`() throws {
    let rule = ScoringFunction.attainment(.init(target: .indicator("target")))
    #expect(try score(rule, 45, target: 60) == Given.points(75))
    #expect(throws: DomainError.self) { try score(rule, 45, target: 0) }
  }

  @Test func `ratio to the leader`() throws {
    #expect(try score(.ratioToLeader, 30, peers: [10, 30, 40]) == Given.points(75))
    #expect(try score(.ratioToLeader, 40, peers: [10, 30, 40]) == Given.points(100))
    #expect(try score(.ratioToLeader, -5, peers: [-5, 40]) == 0)
    #expect(try score(.ratioToLeader, 0, peers: [-5, 0]) == 0, "nobody leads with nothing")
    #expect(try score(.ratioToLeader, 8, .lowerIsBetter, peers: [2, 8]) == Given.points(25))
    #expect(try score(.ratioToLeader, 0, .lowerIsBetter, peers: [0, 8]) == Given.points(100))
    #expect(try score(.ratioToLeader, 8, .lowerIsBetter, peers: [0, 8]) == 0)
  }

  @Test func `rank steps lose so many points a place, share places, stop at the floor`() throws {
    let rule = ScoringFunction.rankSteps(.init(step: Given.points(5), floor: Given.points(80)))
    let peers: [Int64] = [9, 8, 8, 7, 6, 5, 4]
    #expect(try score(rule, 9, peers: peers) == Given.points(100))
    #expect(try score(rule, 8, peers: peers) == Given.points(95))
    #expect(try score(rule, 7, peers: peers) == Given.points(85), "fourth place after a tie for the second")
    #expect(try score(rule, 4, peers: peers) == Given.points(80))
  }

  @Test func `a negative increment scores zero whatever the place`() throws {
    let rule = ScoringFunction.rankSteps(.init(step: Given.points(5), floor: 0, incrementID: "increment"))
    #expect(try score(rule, 9, peers: [9, 8], increment: -1) == 0)
    #expect(try score(rule, 9, peers: [9, 8], increment: 0) == Given.points(100))
  }

  @Test func `peer-mean gate is full at the mean and proportional under it`() throws {
    // Mean of 10, 20 and 31 is 20 1/3: 20 is just under it.
    #expect(try score(.peerMeanGate, 31, peers: [10, 20, 31]) == Given.points(100))
    #expect(try score(.peerMeanGate, 20, peers: [10, 20, 31]) == 98_360_656, "100 × 60 ÷ 61")
    #expect(try score(.peerMeanGate, 20, peers: [10, 20, 30]) == Given.points(100), "the mean itself is enough")
    #expect(try score(.peerMeanGate, -4, peers: [-4, 10]) == 0)
    #expect(try score(.peerMeanGate, 4, .lowerIsBetter, peers: [1, 4]) == 62_500_000, "100 × 2.5 ÷ 4")
  }

  @Test func `tiers respect which side of a bound is inside`() throws {
    let rule = ScoringFunction.tieredBands([
      .init(lowerBound: nil, inclusive: false, points: 0),
      .init(lowerBound: 50, inclusive: true, points: Given.points(60)),
      .init(lowerBound: 75, inclusive: false, points: Given.points(100)),
    ])
    #expect(try score(rule, 49) == 0)
    #expect(try score(rule, 50) == Given.points(60))
    #expect(try score(rule, 75) == Given.points(60))
    #expect(try score(rule, 76) == Given.points(100))
  }

  @Test func `events deduct down to the floor and add up to the cap`() throws {
    let deduction = ScoringFunction.perEvent(.init(base: Given.points(100), perEvent: Given.points(-30), floor: 0))
    #expect(try score(deduction, 0) == Given.points(100))
    #expect(try score(deduction, 2) == Given.points(40))
    #expect(try score(deduction, 4) == 0)
    let bonus = ScoringFunction.perEvent(.init(base: 0, perEvent: 500_000, cap: Given.points(2)))
    #expect(try score(bonus, 3) == 1_500_000)
    #expect(try score(bonus, 9) == Given.points(2))
  }

  @Test func `min–max, mirrored where less is better, full marks when all are equal`() throws {
    #expect(try score(.minMax, 25, peers: [10, 25, 40]) == Given.points(50))
    #expect(try score(.minMax, 10, peers: [10, 25, 40]) == 0)
    #expect(try score(.minMax, 10, .lowerIsBetter, peers: [10, 25, 40]) == Given.points(100))
    #expect(try score(.minMax, 20, .lowerIsBetter, peers: [10, 40]) == 66_666_667)
    #expect(try score(.minMax, 7, peers: [7, 7]) == Given.points(100))
    #expect(try score(.minMax, .max, peers: [.min, .max]) == Given.points(100), "the widest column does not overflow")
  }

  @Test func `z-score in integers equals the textbook`() throws {
    // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population standard deviation 2.
    let peers: [Int64] = [2, 4, 4, 4, 5, 5, 7, 9]
    let rule = ScoringFunction.zScore(.init(center: Given.points(60), perSigma: Given.points(10)))
    #expect(try score(rule, 9, peers: peers) == Given.points(80))
    #expect(try score(rule, 2, peers: peers) == Given.points(45))
    #expect(try score(rule, 2, .lowerIsBetter, peers: peers) == Given.points(75))
    #expect(try score(rule, 3, peers: [3, 3, 3]) == Given.points(60), "no spread: the centre")
    // 1, 2, 3: σ = √(2/3); (3 − 2) ÷ σ = 1.224744871391589…
    #expect(try score(rule, 3, peers: [1, 2, 3]) == 72_247_449)
    #expect(try score(rule, 1, peers: [1, 2, 3]) == 47_752_551)
  }

  @Test func `z-score of sums of money stays exact`() throws {
    let peers: [Int64] = [1_000_000_000_000_00, 3_000_000_000_000_00]
    let rule = ScoringFunction.zScore(.init(center: 0, perSigma: Given.points(15), floor: Given.points(-10)))
    #expect(try score(rule, peers[1], peers: peers) == Given.points(15))
    #expect(try score(rule, peers[0], peers: peers) == Given.points(-10))
  }

  @Test func `percentile counts the peers that are worse`() throws {
    #expect(try score(.percentile, 30, peers: [10, 20, 30, 40]) == 66_666_667)
    #expect(try score(.percentile, 20, peers: [10, 20, 20, 40]) == 33_333_333, "equals share")
    #expect(try score(.percentile, 10, .lowerIsBetter, peers: [10, 20, 30]) == Given.points(100))
    #expect(try score(.percentile, 5, peers: [5]) == Given.points(100))
  }

  @Test func `overflow is an error, never a wrapped number`() {
    let rule = ScoringFunction.perEvent(.init(base: 0, perEvent: .max))
    #expect(throws: DomainError.amountOverflow("\(Int128(Int64.max) * 4) / 1")) { try score(rule, 4) }
  }

  @Test(arguments: [
    (1 as UInt128, 4 as UInt128, 1 as Int64), (3, 4, 2), (10, 2, 7), (0, 5, 0), (1_000_000_000, 3, 577_350_269),
  ])
  func `integer division by a root rounds half up`(numerator: UInt128, radicand: UInt128, expected: Int64) throws {
    #expect(try ExactRoot.divide(numerator, byRootOf: radicand) == expected)
  }
}
