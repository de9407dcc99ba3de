/// A rate or a share in integer parts per million: 3.45 % is 34 500, one basis point 100, 万分之一 100.
public struct Rate: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  public let ppm: Int64

  public init(ppm: Int64) { self.ppm = ppm }

  public static let zero = Rate(ppm: 0)
  public static let one = Rate(ppm: 1_000_000)

  public static func < (left: Rate, right: Rate) -> Bool { left.ppm < right.ppm }

  /// `numerator ÷ denominator`, half away from zero, never clamped: a 授信率 of 108 % is 1 080 000.
  /// - Throws: `DIVISION_BY_ZERO`, `AMOUNT_OVERFLOW`.
  public init(_ numerator: Int64, over denominator: Int64) throws(DomainError) {
    self.ppm = try ExactRatio.multiply(numerator, 1_000_000, dividedBy: denominator)
  }

  /// Percent with up to four decimals: `3.45%`.
  public var description: String {
    let magnitude = ppm.magnitude
    var text = "\(ppm < 0 ? "-" : "")\(magnitude / 10_000)"
    var fraction = String(magnitude % 10_000 + 10_000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    if !fraction.isEmpty { text += ".\(fraction)" }
    return text + "%"
  }
}

/// Integer arithmetic for money and rates, in 128 bits so that no intermediate product overflows.
public enum ExactRatio {
  /// `a × b ÷ c`, rounded half away from zero once.
  /// - Throws: `DIVISION_BY_ZERO`; `AMOUNT_OVERFLOW` when the result does not fit `Int64`.
  public static func multiply(_ a: Int64, _ b: Int64, dividedBy c: Int64) throws(DomainError) -> Int64 {
    try round(Int128(a) * Int128(b), dividedBy: Int128(c))
  }

  /// `numerator ÷ denominator`, rounded half away from zero.
  public static func round(_ numerator: Int128, dividedBy denominator: Int128) throws(DomainError) -> Int64 {
    if denominator == 0 { throw DomainError(.divisionByZero, "division by zero") }
    if numerator == .min, denominator == -1 { throw .amountOverflow("\(numerator) / \(denominator)") }
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    var result = quotient
    if remainder.magnitude >= denominator.magnitude - remainder.magnitude {
      result += (numerator < 0) == (denominator < 0) ? 1 : -1
    }
    guard let value = Int64(exactly: result) else { throw .amountOverflow("\(numerator) / \(denominator)") }
    return value
  }
}

/// Splitting an amount among parties so that the parts always sum exactly.
public enum Allocation {
  /// Largest remainder; ties go to the party named first (RULES A). Works for negative totals by symmetry.
  /// - Parameter weights: non-negative, at least one positive.
  /// - Throws: `INVALID_SPLIT` for empty, negative or all-zero weights.
  public static func split(_ total: Int64, weights: [Int64]) throws(DomainError) -> [Int64] {
    var sum: Int128 = 0
    for weight in weights {
      if weight < 0 { throw DomainError(.invalidSplit, "a share is negative: \(weight)") }
      sum += Int128(weight)
    }
    if sum == 0 { throw DomainError(.invalidSplit, "shares sum to zero") }
    let magnitude = Int128(total.magnitude)
    var parts: [Int128] = []
    var remainders: [(remainder: Int128, index: Int)] = []
    for (index, weight) in weights.enumerated() {
      let (quotient, remainder) = (magnitude * Int128(weight)).quotientAndRemainder(dividingBy: sum)
      parts.append(quotient)
      remainders.append((remainder, index))
    }
    let missing = Int(magnitude - parts.reduce(0, +))
    remainders.sort { $0.remainder != $1.remainder ? $0.remainder > $1.remainder : $0.index < $1.index }
    for entry in remainders.prefix(missing) { parts[entry.index] += 1 }
    return parts.map { Int64(total < 0 ? -$0 : $0) }
  }
}
