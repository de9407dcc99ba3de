import Kernel

/// What one fee comes to, and when it is paid: once at the start or at the end, yearly fees in advance, monthly fees at each
/// month's end, daily fees at the end.
struct FeeCharge: Sendable {
  private(set) var payments: [(day: Int, amount: Int64)] = []
  private(set) var basis: String

  /// - Parameter firm: discounts that it certainly meets apply; of several the one that takes off most.
  init(
    _ fee: Fee, _ amount: Money, _ side: PriceSide, _ calendar: LoanCalendar, _ firm: Profile?
  ) throws(DomainError) {
    let plain = try Self.payments(fee, amount, side, calendar, nil)
    var (best, bestTotal, applied) = (plain, try Self.sum(plain), false)
    if let firm {
      for discount in fee.discounts {
        guard let condition = discount.condition, NaiveEvaluator.verdict(condition, firm) == .met else { continue }
        let reduced = try Self.payments(fee, amount, side, calendar, discount.reduction)
        let total = try Self.sum(reduced)
        if total < bestTotal { (best, bestTotal, applied) = (reduced, total, true) }
      }
    }
    payments = best
    basis = Self.words(fee, amount, calendar) + (applied ? ", discounted" : "")
  }

  func total() throws(DomainError) -> Int64 { try Self.sum(payments) }

  private static func sum(_ payments: [(day: Int, amount: Int64)]) throws(DomainError) -> Int64 {
    var total = Int128(0)
    for payment in payments { total += Int128(payment.amount) }
    guard let sum = Int64(exactly: total) else { throw .amountOverflow("fees") }
    return sum
  }

  private static func payments(
    _ fee: Fee, _ amount: Money, _ side: PriceSide, _ calendar: LoanCalendar, _ reduction: FeeReduction?
  ) throws(DomainError) -> [(day: Int, amount: Int64)] {
    let price = try Price(fee, amount, side, reduction)
    var payments: [(day: Int, amount: Int64)] = []
    switch fee.period {
    case .once: payments = [(0, try price.of(1, 1, fee.periodCap))]
    case .atEnd: payments = [(calendar.days, try price.of(1, 1, fee.periodCap))]
    case .perYear:
      // Rounded once over the whole tenor: each year pays what has become due by its end.
      var paid: Int64 = 0
      for day in stride(from: 0, to: calendar.days, by: 365) {
        let due = try price.of(min(day + 365, calendar.days), 365, nil)
        payments.append((day, try capped(due - paid, fee.periodCap)))
        paid = due
      }
    case .perMonth:
      let each = try price.of(1, 1, fee.periodCap)
      payments = calendar.months.map { ($0, each) }
    case .perDay:
      let all = try price.of(calendar.days, 1, nil)
      let most = try fee.periodCap.map { cap throws(DomainError) in
        try ExactRatio.multiply(cap.minorUnits, Int64(calendar.days), dividedBy: 1)
      }
      payments = [(calendar.days, min(all, most ?? all))]
    case .perEvent: break
    }
    guard let cap = fee.cap else { return payments }
    var left = try amount.times(cap).minorUnits
    return payments.map { payment in
      let kept = min(payment.amount, left)
      left -= kept
      return (payment.day, kept)
    }
  }

  private static func capped(_ amount: Int64, _ cap: Money?) throws(DomainError) -> Int64 {
    min(amount, cap?.minorUnits ?? amount)
  }

  private static func words(_ fee: Fee, _ amount: Money, _ calendar: LoanCalendar) -> String {
    let price: String
    switch fee.measure {
    case .fixed(let money): price = "\(money)"
    case .fixedRange(let lowest, let highest): price = "\(lowest) to \(highest)"
    case .rate(let rate): price = "\(amount) × \(rate)"
    case .range(let lowest, let highest): price = "\(amount) × \(lowest) to \(highest)"
    case .unstated: price = "not stated"
    }
    let period: String
    switch fee.period {
    case .once: period = " once"
    case .atEnd: period = " at the end"
    case .perYear: period = " × \(calendar.days)/365"
    case .perMonth: period = " × \(calendar.months.count) months"
    case .perDay: period = " × \(calendar.days) days"
    case .perEvent: period = " each time"
    }
    return price + period + (fee.cap.map { ", at most \($0)" } ?? "")
      + (fee.periodCap.map { ", at most \($0) a time" } ?? "")
  }
}

/// The price of one period: a fixed amount, or a share of the principal.
private struct Price {
  private var fixed: Int64 = 0
  private var ppm: Int64 = 0
  private let amount: Int64
  /// Share that is left after a discount, in ppm.
  private var left: Int64 = 1_000_000
  private var off: Int64 = 0

  init(_ fee: Fee, _ amount: Money, _ side: PriceSide, _ reduction: FeeReduction?) throws(DomainError) {
    self.amount = amount.minorUnits
    switch fee.measure {
    case .rate(let rate): ppm = rate.ppm
    case .range(let lowest, let highest): ppm = (side == .low ? lowest : highest).ppm
    case .fixed(let money): fixed = try Self.units(money, amount)
    case .fixedRange(let lowest, let highest): fixed = try Self.units(side == .low ? lowest : highest, amount)
    case .unstated: break
    }
    switch reduction {
    case .shareOff(let share): left -= share.ppm
    case .amountOff(let money): off = try Self.units(money, amount)
    case .rateInstead(let rate): ppm = rate.ppm
    case nil: break
    }
  }

  private static func units(_ money: Money, _ amount: Money) throws(DomainError) -> Int64 {
    guard money.currency == amount.currency else {
      throw DomainError(.currencyMismatch, "a fee is in \(money.currency), the amount in \(amount.currency)")
    }
    return money.minorUnits
  }

  /// The price of `part`/`whole` periods, rounded once, at most `cap`.
  func of(_ part: Int, _ whole: Int, _ cap: Money?) throws(DomainError) -> Int64 {
    var numerator = Int128(fixed - off) * 1_000_000 + Int128(amount) * Int128(ppm)
    numerator = max(0, numerator)
    // Σ ≤ 9.3e18 × 2e6, times 1e6 and some 2e4 days, stays inside 128 bits.
    let price = try ExactRatio.round(
      numerator * Int128(left) * Int128(part), dividedBy: Int128(1_000_000) * 1_000_000 * Int128(whole))
    return min(price, cap?.minorUnits ?? price)
  }
}

extension Fee {
  /// The fee in a few words, for a list of what may fall due.
  var words: String {
    let name = title.map { $0.zh.isEmpty ? $0.en : $0.zh } ?? kind.key
    switch measure {
    case .fixed(let money): return "\(name): \(money)"
    case .fixedRange(let lowest, let highest): return "\(name): \(lowest) to \(highest)"
    case .rate(let rate): return "\(name): \(rate)"
    case .range(let lowest, let highest): return "\(name): \(lowest) to \(highest)"
    case .unstated: return "\(name): not stated"
    }
  }
}
