package import Kernel

/// A stretch of whole calendar months for which indicators have values: a month, a quarter, a half, a year, or a run of
/// whole years. Text forms: `2023-06`, `2023-Q3`, `2023-H1`, `2023`, `1997..2006`.
package struct Period: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Months since year 0: `year × 12 + month − 1`.
  package let firstMonth: Int32
  /// 1, 3, 6, 12, or a multiple of 12; the form follows from it.
  package let months: Int32

  /// Years the suite accepts, as in `BusinessDate`.
  package static let acceptedYears = 1900...2199

  private init(firstMonth: Int32, months: Int32) {
    self.firstMonth = firstMonth
    self.months = months
  }

  package static func month(_ date: BusinessDate) -> Period {
    Period(firstMonth: Int32(date.year * 12 + date.month - 1), months: 1)
  }

  /// - Throws: `INVALID_ARGUMENT` naming the field when the text is none of the documented forms.
  package init(_ text: String, field: String = "period") throws(DomainError) {
    guard let period = Period.parse(text) else {
      throw .invalid(
        field, "\"\(text.prefix(32))\" is not 2023, 2023-H1, 2023-Q3, 2023-06 or 1997..2006 within 1900 to 2199")
    }
    self = period
  }

  private static func parse(_ text: String) -> Period? {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard (48...57).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 48)
      }
      return value
    }
    func year(_ range: Range<Int>) -> Int? { number(range).flatMap { acceptedYears.contains($0) ? $0 : nil } }
    guard bytes.count >= 4, let first = year(0..<4) else { return nil }
    let base = Int32(first * 12)
    switch bytes.count {
    case 4: return Period(firstMonth: base, months: 12)
    case 7 where bytes[4] == UInt8(ascii: "-"):
      switch bytes[5] {
      case UInt8(ascii: "H"):
        guard let half = number(6..<7), (1...2).contains(half) else { return nil }
        return Period(firstMonth: base + Int32(half - 1) * 6, months: 6)
      case UInt8(ascii: "Q"):
        guard let quarter = number(6..<7), (1...4).contains(quarter) else { return nil }
        return Period(firstMonth: base + Int32(quarter - 1) * 3, months: 3)
      default:
        guard let month = number(5..<7), (1...12).contains(month) else { return nil }
        return Period(firstMonth: base + Int32(month - 1), months: 1)
      }
    case 10 where bytes[4] == UInt8(ascii: ".") && bytes[5] == UInt8(ascii: "."):
      guard let last = year(6..<10), last > first else { return nil }
      return Period(firstMonth: base, months: Int32(last - first + 1) * 12)
    default: return nil
    }
  }

  /// One number for a store's key; the order is that of the first month, then the length.
  package var code: Int64 { Int64(firstMonth) * 10_000 + Int64(months) }

  /// - Throws: `INVALID_ARGUMENT` for a number that is not the code of a period.
  package init(code: Int64) throws(DomainError) {
    let (first, length) = code.quotientAndRemainder(dividingBy: 10_000)
    guard let firstMonth = Int32(exactly: first), let months = Int32(exactly: length),
      let period = Period.parse(Period(firstMonth: firstMonth, months: max(1, months)).description),
      period.firstMonth == firstMonth, period.months == months
    else { throw .invalid("period", "\(code) is not the code of a period") }
    self = period
  }

  /// First month and length in 32 bits; the order is that of the code.
  package var packed: UInt32 { UInt32(truncatingIfNeeded: firstMonth) << 16 | UInt32(truncatingIfNeeded: months) }

  /// - Parameter packed: of a period.
  package init(packed: UInt32) {
    self.init(firstMonth: Int32(packed >> 16), months: Int32(packed & 0xFFFF))
  }

  /// The packed form of a store's code; `nil` for a number that no period up to a year has as its code.
  package static func packed(code: Int64) -> UInt32? {
    let (first, length) = code.quotientAndRemainder(dividingBy: 10_000)
    guard (0...0x7FFF).contains(first), (1...12).contains(length) else { return nil }
    return UInt32(first) << 16 | UInt32(length)
  }

  /// The first month after the period.
  package var endMonth: Int32 { firstMonth + months }
  package var isWholeYears: Bool { months % 12 == 0 }
  package var firstYear: Int { Int(firstMonth) / 12 }
  package var lastYear: Int { Int(endMonth - 1) / 12 }

  /// The last calendar day.
  package func lastDay() throws(DomainError) -> BusinessDate {
    let (year, month) = (lastYear, Int(endMonth - 1) % 12 + 1)
    return try BusinessDate(year: year, month: month, day: BusinessDate.daysIn(month: month, year: year))
  }

  package func contains(_ other: Period) -> Bool { firstMonth <= other.firstMonth && other.endMonth <= endMonth }

  /// The period of equal length so many lengths later.
  func advanced(by steps: Int32) -> Period { Period(firstMonth: firstMonth + steps * months, months: months) }

  /// The span of equal length just before.
  package var previous: Period { Period(firstMonth: firstMonth - months, months: months) }

  /// The last `years` calendar years up to the end of a period of whole years; `nil` for other periods.
  package func last(years: Int) -> Period? {
    guard isWholeYears, years > 0 else { return nil }
    let length = Int32(years * 12)
    return Period(firstMonth: endMonth - length, months: length)
  }

  /// The next finer parts: years of a span, halves of a year, quarters of a half, months of a quarter.
  package var parts: [Period] {
    let length: Int32
    switch months {
    case 1: return []
    case 3: length = 1
    case 6: length = 3
    case 12: length = 6
    default: length = 12
    }
    return (0..<(months / length)).map { Period(firstMonth: firstMonth + $0 * length, months: length) }
  }

  package static func < (left: Period, right: Period) -> Bool {
    (left.firstMonth, left.months) < (right.firstMonth, right.months)
  }

  package var description: String {
    let (year, month) = (Int(firstMonth) / 12, Int(firstMonth) % 12)
    switch months {
    case 1: return "\(year)-\(month < 9 ? "0" : "")\(month + 1)"
    case 3: return "\(year)-Q\(month / 3 + 1)"
    case 6: return "\(year)-H\(month / 6 + 1)"
    case 12: return "\(year)"
    default: return "\(year)..\(lastYear)"
    }
  }
}
