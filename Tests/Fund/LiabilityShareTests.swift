import FundDomain
import Kernel
import Testing

@Suite struct LiabilityShareTests {
  @Test func `shares sum to exactly one`() throws {
    #expect(
      refusal {
        _ = try LiabilityShares(
          bankPPM: 200_000, guarantorPPM: 400_000, reguarantorPPM: 200_000, nationalPPM: 100_000, cityPPM: 99_999)
      }?.reason == .invalidSplit)
    #expect(
      refusal {
        _ = try LiabilityShares(
          bankPPM: 1_100_000, guarantorPPM: -100_000, reguarantorPPM: 0, nationalPPM: 0, cityPPM: 0)
      }?.reason == .invalidSplit)
  }

  /// Amount in 分 and the parts of bank, guarantor, re-guarantor, national and city.
  private static let splits: [(amount: Int64, parts: [Int64])] = [
    (100, [20, 40, 20, 10, 10]),
    (1, [0, 1, 0, 0, 0]),
    // 0.4, 0.8, 0.4, 0.2, 0.2: the largest remainder is the guarantor's, then the bank's before the re-guarantor's.
    (2, [1, 1, 0, 0, 0]),
    (3, [1, 1, 1, 0, 0]),
    (0, [0, 0, 0, 0, 0]),
    (100_000_001, [20_000_000, 40_000_001, 20_000_000, 10_000_000, 10_000_000]),
  ]

  @Test(arguments: splits) func `a split goes by the largest remainder and ties to the party named first`(
    amount: Int64, parts: [Int64]
  ) throws {
    let split = try Fixture.shares().split(amount)
    #expect(split.parts == parts)
    #expect(split.total == amount)
    #expect(split.payout == amount - parts[0])
  }

  @Test func `every split of every size sums exactly`() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<5000 {
      var cuts = (0..<4).map { _ in Int64.random(in: 0...1_000_000, using: &random) }.sorted()
      cuts = [0] + cuts + [1_000_000]
      let shares = try LiabilityShares(
        bankPPM: cuts[1] - cuts[0], guarantorPPM: cuts[2] - cuts[1], reguarantorPPM: cuts[3] - cuts[2],
        nationalPPM: cuts[4] - cuts[3], cityPPM: cuts[5] - cuts[4])
      let amount = Int64.random(in: 0...FundLimits.amountMinorUnits, using: &random)
      let split = try shares.split(amount)
      #expect(split.total == amount)
      #expect(split.parts.allSatisfy { $0 >= 0 })
    }
  }
}
