import Kernel

/// What a search compares with numbers, as flat arrays by document: days in force, amounts, tenors. An open end is the
/// type's own end, so that a comparison decides.
struct SearchRanges: Sendable {
  /// Documents whose days in force have a beginning, an end, or either.
  private let begins: Bitmap
  private let ends: Bitmap
  private let dated: Bitmap
  private let fromDay: [Int32]
  private let toDay: [Int32]
  private let leastAmount: [Int64]
  private let mostAmount: [Int64]
  private let currency: [Currency]
  private let shortest: [Int64]
  private let longest: [Int64]

  init(_ offers: [Offer], words: Int) {
    begins = Bitmap(offers.map { $0.window.from != nil }, words: words)
    ends = Bitmap(offers.map { $0.window.to != nil }, words: words)
    dated = Bitmap(offers.map { $0.window.from != nil || $0.window.to != nil }, words: words)
    fromDay = offers.map { $0.window.from?.dayNumber ?? .min }
    toDay = offers.map { $0.window.to?.dayNumber ?? .max }
    leastAmount = offers.map { $0.terms.amount?.bounds.lowest ?? .min }
    mostAmount = offers.map { $0.terms.amount?.bounds.highest ?? .max }
    currency = offers.map { $0.terms.amount?.currency ?? .cny }
    shortest = offers.map { $0.terms.tenor?.min?.comparableDays ?? .min }
    longest = offers.map { $0.terms.tenor?.max?.comparableDays ?? .max }
  }

  /// Takes out of `found` what is not in force as asked; documents without days always are.
  func keep(_ filter: EffectiveFilter, on day: BusinessDate, in found: inout Bitmap) {
    let day = day.dayNumber
    switch filter {
    case .current: found.keep(where: dated) { fromDay[$0] <= day && day <= toDay[$0] }
    case .future:
      found.intersect(begins)
      found.keep(where: begins) { day < fromDay[$0] }
    case .all: found.keep(where: ends) { day <= toDay[$0] }
    }
  }

  func keep(_ amount: Money, in found: inout Bitmap) {
    let (value, unit) = (amount.minorUnits, amount.currency)
    found.keep { leastAmount[$0] <= value && value <= mostAmount[$0] && currency[$0] == unit }
  }

  func keep(tenorDays days: Int64, in found: inout Bitmap) {
    found.keep { shortest[$0] <= days && days <= longest[$0] }
  }
}
