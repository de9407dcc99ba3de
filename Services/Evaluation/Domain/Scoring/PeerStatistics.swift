package import Kernel

/// What the institutions of one table come to in one indicator. Only those inside the table that have a value count.
package struct PeerStatistics: Sendable {
  package let direction: Direction
  /// Ascending.
  package let sorted: [Int64]
  package let sum: Int128
  /// `nil` beyond 128 bits; only a z-score then fails.
  private let variance: UInt128?

  package init(values: [Int64], direction: Direction) {
    self.direction = direction
    sorted = values.sorted()
    sum = values.reduce(into: Int128(0)) { $0 += Int128($1) }
    variance = Self.scaledVariance(sorted, sum: sum)
  }

  package var count: Int { sorted.count }
  package var minimum: Int64 { sorted.first ?? 0 }
  package var maximum: Int64 { sorted.last ?? 0 }
  package var best: Int64 { direction == .higherIsBetter ? maximum : minimum }
  package var worst: Int64 { direction == .higherIsBetter ? minimum : maximum }

  /// Peers with a lower value.
  private func below(_ value: Int64) -> Int { partition { $0 < value } }
  /// Peers with a higher value.
  private func above(_ value: Int64) -> Int { sorted.count - partition { $0 <= value } }

  /// 1 + the number of better peers: equal values share the best place.
  package func place(_ value: Int64) -> Int { 1 + (direction == .higherIsBetter ? above(value) : below(value)) }
  package func worse(_ value: Int64) -> Int { direction == .higherIsBetter ? below(value) : above(value) }

  /// n² × the population variance, `n Σv² − (Σv)²`, exact.
  /// - Throws: `AMOUNT_OVERFLOW` beyond 128 bits.
  package func scaledVariance() throws(DomainError) -> UInt128 {
    guard let variance else { throw .amountOverflow("variance of \(count) values") }
    return variance
  }

  private static func scaledVariance(_ values: [Int64], sum: Int128) -> UInt128? {
    var squares: UInt128 = 0
    for value in values {
      let magnitude = UInt128(value.magnitude)
      let next = squares.addingReportingOverflow(magnitude * magnitude)
      if next.overflow { return nil }
      squares = next.partialValue
    }
    let scaled = squares.multipliedReportingOverflow(by: UInt128(values.count))
    let square = sum.magnitude.multipliedReportingOverflow(by: sum.magnitude)
    return scaled.overflow || square.overflow ? nil : scaled.partialValue - square.partialValue
  }

  private func partition(_ belongs: (Int64) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if belongs(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Square roots of integers without leaving the integers.
package enum ExactRoot {
  /// `numerator ÷ √radicand`, rounded half up. `radicand` is more than 0.
  /// - Throws: `AMOUNT_OVERFLOW` when the result does not fit 62 bits.
  package static func divide(_ numerator: UInt128, byRootOf radicand: UInt128) throws(DomainError) -> Int64 {
    let doubled = numerator.multipliedReportingOverflow(by: 2)
    if doubled.overflow { throw .amountOverflow("\(numerator) / √\(radicand)") }
    let square = doubled.partialValue.multipliedFullWidth(by: doubled.partialValue)
    // The answer is the largest p with (2p − 1)² × radicand ≤ (2 × numerator)².
    func fits(_ p: UInt128) -> Bool {
      if p == 0 { return true }
      let odd = 2 * p - 1
      let product = (odd * odd).multipliedFullWidth(by: radicand)
      return product.high != square.high ? product.high < square.high : product.low <= square.low
    }
    let limit: UInt128 = 1 << 62
    var high: UInt128 = 1
    while fits(high) {
      high <<= 1
      if high > limit { throw .amountOverflow("\(numerator) / √\(radicand)") }
    }
    var low: UInt128 = 0
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return Int64(low)
  }
}
