import Kernel
import Testing

@Suite struct RateTests {
  @Test func `multiply and divide rounds half away from zero once`() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<20_000 {
      let (a, b, c) = (random.amount(), random.amount(), random.amount())
      if c == 0 {
        #expect(reason { _ = try ExactRatio.multiply(a, b, dividedBy: c) } == "DIVISION_BY_ZERO")
        continue
      }
      let product = Int128(a) * Int128(b)
      // Independent of the code: the floor of |p|/|c| + 1/2 is the quotient of (2|p| + |c|) by 2|c|.
      let magnitude = (product.magnitude * 2 + c.magnitude128) / (c.magnitude128 * 2)
      let expected = (product < 0) == (c < 0) ? Int128(magnitude) : -Int128(magnitude)
      if let exact = Int64(exactly: expected) {
        #expect(try ExactRatio.multiply(a, b, dividedBy: c) == exact, "\(a) × \(b) ÷ \(c)")
      } else {
        #expect(reason { _ = try ExactRatio.multiply(a, b, dividedBy: c) } == "AMOUNT_OVERFLOW", "\(a) × \(b) ÷ \(c)")
      }
    }
  }

  @Test(arguments: [
    (Int128.min, Int128(-1)), (Int128.min, Int128(1)), (Int128.max, Int128(1)), (Int128(1), Int128.min),
    (Int128.max, Int128.min), (Int128.min, Int128.min), (Int128.max - 1, Int128.max),
  ])
  func `extremes of 128 bits answer or refuse`(numerator: Int128, denominator: Int128) {
    let outcome = reason { _ = try ExactRatio.round(numerator, dividedBy: denominator) }
    #expect(outcome == nil || outcome == "AMOUNT_OVERFLOW")
  }

  @Test(arguments: [
    (0, "0%"), (34_500, "3.45%"), (100, "0.01%"), (1, "0.0001%"), (-1, "-0.0001%"), (1_080_000, "108%"),
    (1_000_000, "100%"), (-34_500, "-3.45%"), (10_001, "1.0001%"), (Int64.min, "-922337203685477.5808%"),
  ])
  func `a rate prints as percent`(ppm: Int64, text: String) { #expect(Rate(ppm: ppm).description == text) }

  @Test func `a ratio above one is never clamped`() throws {
    #expect(try Rate(12_860, over: 11_890).ppm == 1_081_581, "授信率 of 新泰市: 128.6 over 118.9")
    #expect(try Rate(-1, over: 3).ppm == -333_333)
    #expect(reason { _ = try Rate(1, over: 0) } == "DIVISION_BY_ZERO")
  }
}

extension Int64 {
  fileprivate var magnitude128: UInt128 { UInt128(magnitude) }
}
