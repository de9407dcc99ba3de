import Kernel

/// The internal rate of return in whole numbers: discounting by the day in fixed point, so that the same flows give the same
/// rate on every machine.
enum InternalRate {
  /// Fixed point of 15 digits: a factor's error is a few units of the last of them per day discounted, less than a
  /// thousandth of a ppm of the yearly rate over fifty years.
  private static let one: Int128 = 1_000_000_000_000_000
  /// Daily discount factor of 1000 % a year, where the search ends: 11^(−1/365).
  private static let least: Int128 = 993_452_000_000_000

  /// Effective yearly rate, actual/365, rounded to ppm; `nil` when nothing is left of the amount at the start, or above
  /// 1000 %.
  static func effectiveYearly(_ flows: Flows) -> Rate? {
    let payments = flows.payments.map { payment in
      (day: payment.day, amount: Int128(payment.principal) + Int128(payment.interest) + Int128(payment.fees))
    }
    guard let first = payments.first, first.amount < 0 else { return nil }
    // The value rises with the factor, because everything after the start is paid by the borrower.
    guard value(payments, one) >= 0, value(payments, least) < 0 else { return nil }
    var (low, high) = (least, one)
    while low + 1 < high {
      let middle = (low + high) / 2
      if value(payments, middle) < 0 { low = middle } else { high = middle }
    }
    let year = power(high, 365)
    return Rate(ppm: Int64(((one - year) * 2_000_000 + year) / (2 * year)))
  }

  private static func value(_ payments: [(day: Int, amount: Int128)], _ factor: Int128) -> Int128 {
    var total: Int128 = 0
    var discount = one
    var day = 0
    var powers: [Int: Int128] = [:]
    for payment in payments {
      let gap = payment.day - day
      if gap > 0 {
        let step = powers[gap] ?? power(factor, gap)
        powers[gap] = step
        discount = discount * step / one
        day = payment.day
      }
      // Not brought back to minor units: the fractions of many small payments matter.
      total += payment.amount * discount
    }
    return total
  }

  private static func power(_ factor: Int128, _ exponent: Int) -> Int128 {
    var (result, base, rest) = (one, factor, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * base / one }
      base = base * base / one
      rest >>= 1
    }
    return result
  }
}
