import Kernel
import Testing

@Suite struct AllocationTests {
  @Test func `parts always sum to the total and stay within one of their exact share`() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<10_000 {
      let total = random.amount()
      let weights = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        Int64.random(in: 0...1_000_000, using: &random)
      }
      let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
      if sum == 0 {
        #expect(reason { _ = try Allocation.split(total, weights: weights) } == "INVALID_SPLIT")
        continue
      }
      let parts = try Allocation.split(total, weights: weights)
      #expect(parts.reduce(Int128(0)) { $0 + Int128($1) } == Int128(total))
      for (part, weight) in zip(parts, weights) {
        let distance = Int128(part) * sum - Int128(total) * Int128(weight)
        #expect(distance.magnitude < sum.magnitude, "\(total) over \(weights)")
      }
    }
  }

  @Test func `ties go to the party named first`() throws {
    #expect(try Allocation.split(1, weights: [1, 1]) == [1, 0])
    #expect(try Allocation.split(2, weights: [1, 1, 1]) == [1, 1, 0])
    #expect(try Allocation.split(-1, weights: [1, 1]) == [-1, 0])
    #expect(try Allocation.split(100, weights: [20, 80]) == [20, 80])
    #expect(
      try Allocation.split(500_000_000, weights: [1, 3, 4, 2]) == [50_000_000, 150_000_000, 200_000_000, 100_000_000])
    #expect(try Allocation.split(101, weights: [200_000, 800_000]) == [20, 81])
  }

  @Test func `extreme totals and weights are split exactly`() throws {
    #expect(try Allocation.split(.min, weights: [1]) == [.min])
    #expect(try Allocation.split(.max, weights: [.max, .max]).reduce(0, +) == .max)
    #expect(try Allocation.split(.min, weights: [.max, .max, .max]).reduce(0, +) == .min)
  }

  @Test(arguments: [[], [0], [0, 0], [-1, 2]] as [[Int64]])
  func `shares that cannot be shares are refused`(weights: [Int64]) {
    #expect(reason { _ = try Allocation.split(100, weights: weights) } == "INVALID_SPLIT")
  }
}
