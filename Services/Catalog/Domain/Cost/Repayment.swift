package import Kernel

/// Which end of the stated terms is priced.
enum PriceSide: Sendable {
  case low, high
}

/// The days of a loan.
struct LoanCalendar: Sendable {
  let start: BusinessDate
  /// Calendar days of the tenor.
  let days: Int
  /// Days from the start to each month's end, the last being the end of the loan; a begun month counts.
  let months: [Int]

  init(_ tenor: Tenor, from start: BusinessDate) throws(DomainError) {
    self.start = start
    days = try tenor.calendarDays(from: start)
    var months: [Int] = []
    var month = 1
    while true {
      let offset = try start.adding(months: month).days(since: start)
      if offset >= days { break }
      months.append(offset)
      month += 1
    }
    self.months = months + [days]
  }
}

/// Yearly interest on a balance, by tiers where the product has them.
struct InterestCharge: Sendable {
  private let rate: InterestRate
  private let base: Int64
  private let side: PriceSide
  private let year: Int128

  init(_ rate: InterestRate, _ base: Int64, _ side: PriceSide) {
    self.rate = rate
    self.base = base
    self.side = side
    year = Int128((rate.dayCount ?? .actual360).year)
  }

  private func ppm(_ lowest: Rate, _ highest: Rate?) -> Int128 {
    Int128(max(0, base + (side == .low ? lowest : highest ?? lowest).ppm))
  }

  /// Interest of a balance over some days, rounded once.
  /// - Parameter borrowed: the amount borrowed, which decides the tier of a whole amount.
  func interest(on balance: Int64, days: Int, borrowed: Int64) throws(DomainError) -> Int64 {
    try ExactRatio.round(weighted(balance, borrowed) * Int128(days), dividedBy: 1_000_000 * year)
  }

  /// Σ part × ppm.
  private func weighted(_ balance: Int64, _ borrowed: Int64) -> Int128 {
    guard let tiers = rate.tiers else { return Int128(balance) * ppm(rate.lowest, rate.highest) }
    switch tiers.method {
    case .whole:
      let tier = tiers.tier(of: borrowed)
      return Int128(balance) * (tier.map { ppm($0.lowest, $0.highest) } ?? ppm(rate.lowest, rate.highest))
    case .perTier:
      var sum: Int128 = 0
      for tier in tiers.tiers {
        let before = max(0, (tier.bounds.lowest ?? 1) - 1)
        let part = max(0, min(balance, tier.bounds.highest ?? .max) - before)
        sum += Int128(part) * ppm(tier.lowest, tier.highest)
      }
      return sum
    }
  }
}

/// What a repayment method makes of a loan.
enum Repayment {
  /// - Parameter charge: `nil` when no interest is stated.
  static func flows(
    _ charge: InterestCharge?, _ amount: Money, _ method: RepaymentMethod, _ calendar: LoanCalendar
  ) throws(DomainError) -> Flows {
    let borrowed = amount.minorUnits
    let ends: [Int]
    switch method {
    case .bullet, .revolving: ends = [calendar.days]
    case .interestMonthly, .equalInstalments, .equalPrincipal: ends = calendar.months
    case .interestQuarterly:
      let last = calendar.months.count - 1
      ends = calendar.months.enumerated().filter { $0.offset % 3 == 2 || $0.offset == last }.map(\.element)
    }
    func interest(_ balance: Int64, _ days: Int) throws(DomainError) -> Int64 {
      guard let charge else { return 0 }
      return try charge.interest(on: balance, days: days, borrowed: borrowed)
    }
    let instalment = method == .equalInstalments ? try equalInstalment(borrowed, ends, interest) : 0
    var flows = Flows(borrowed)
    var (balance, before) = (borrowed, 0)
    for (index, day) in ends.enumerated() {
      let due = try interest(balance, day - before)
      let principal: Int64
      if index == ends.count - 1 {
        principal = balance
      } else {
        switch method {
        case .equalInstalments: principal = min(balance, max(0, instalment - due))
        case .equalPrincipal:
          let left = try ExactRatio.multiply(
            borrowed, Int64(ends.count - index - 1), dividedBy: Int64(ends.count))
          principal = balance - left
        case .bullet, .revolving, .interestMonthly, .interestQuarterly: principal = 0
        }
      }
      flows.add(day: day, principal: principal, interest: due)
      balance -= principal
      before = day
    }
    return flows
  }

  /// The least equal instalment after which nothing is left; the last one is what remains.
  private static func equalInstalment(
    _ borrowed: Int64, _ ends: [Int], _ interest: (Int64, Int) throws(DomainError) -> Int64
  ) throws(DomainError) -> Int64 {
    func repays(_ instalment: Int64) throws(DomainError) -> Bool {
      var (balance, before) = (borrowed, 0)
      for day in ends {
        let due = try interest(balance, day - before)
        if instalment <= due { return false }
        balance -= instalment - due
        if balance <= 0 { return true }
        before = day
      }
      return false
    }
    let most = try interest(borrowed, ends.last ?? 0)
    var (low, high) = (Int64(0), try Money(borrowed, .cny).adding(Money(most, .cny)).minorUnits)
    while low + 1 < high {
      let middle = low + (high - low) / 2
      if try repays(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
