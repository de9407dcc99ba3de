/// A calendar day of business in Asia/Shanghai, without a clock behind it: rules are told the date, they never read it.
public struct BusinessDate: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Days since 1970-01-01 in the proleptic Gregorian calendar; storage and arithmetic use this number.
  public let dayNumber: Int32

  /// Years the suite accepts. Wider than any contract, narrow enough that day arithmetic cannot overflow.
  public static let acceptedYears = 1900...2199

  /// - Throws: `INVALID_DATE` when the day does not exist or the year lies outside `acceptedYears`.
  public init(year: Int, month: Int, day: Int, field: String? = nil) throws(DomainError) {
    guard Self.acceptedYears.contains(year), (1...12).contains(month), day >= 1,
      day <= Self.daysIn(month: month, year: year)
    else { throw DomainError(.invalidDate, "no such date: \(year)-\(month)-\(day)", field: field) }
    dayNumber = Self.dayNumber(year: year, month: month, day: day)
  }

  /// - Throws: `INVALID_DATE` when outside `acceptedYears`.
  public init(dayNumber: Int32) throws(DomainError) {
    self.dayNumber = dayNumber
    guard Self.acceptedYears.contains(components.year) else {
      throw DomainError(.invalidDate, "day number \(dayNumber) lies outside the accepted years")
    }
  }

  /// Strict `yyyy-mm-dd`.
  /// - Throws: `INVALID_DATE`.
  public init(iso text: String, field: String? = nil) throws(DomainError) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count == 10, parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { throw DomainError(.invalidDate, "\"\(text.prefix(32))\" is not yyyy-mm-dd", field: field) }
    try self.init(year: year, month: month, day: day, field: field)
  }

  /// - Throws: `INVALID_DATE` when the result lies outside `acceptedYears`.
  public func adding(days: Int) throws(DomainError) -> BusinessDate {
    let (sum, overflow) = Int(dayNumber).addingReportingOverflow(days)
    guard !overflow, let number = Int32(exactly: sum) else {
      throw DomainError(.invalidDate, "\(self) + \(days) days is out of range")
    }
    return try BusinessDate(dayNumber: number)
  }

  /// The same day so many months later, or the last day of that month when it is shorter.
  /// - Throws: `INVALID_DATE` when the result lies outside `acceptedYears`.
  public func adding(months: Int) throws(DomainError) -> BusinessDate {
    let parts = components
    let (index, overflow) = (parts.year * 12 + (parts.month - 1)).addingReportingOverflow(months)
    let (year, month) = (index.floorDivided(by: 12), index.floorModulo(12) + 1)
    guard !overflow, Self.acceptedYears.contains(year) else {
      throw DomainError(.invalidDate, "\(self) + \(months) months is out of range")
    }
    return try BusinessDate(year: year, month: month, day: min(parts.day, Self.daysIn(month: month, year: year)))
  }

  /// Calendar days from `other` to `self`; negative when `self` is earlier.
  public func days(since other: BusinessDate) -> Int { Int(dayNumber) - Int(other.dayNumber) }

  public static func < (left: BusinessDate, right: BusinessDate) -> Bool { left.dayNumber < right.dayNumber }

  public var year: Int { components.year }
  public var month: Int { components.month }
  public var day: Int { components.day }
  /// 1 to 4.
  public var quarter: Int { (components.month - 1) / 3 + 1 }
  /// 1 (Monday) to 7 (Sunday), ISO 8601.
  public var weekday: Int { (Int(dayNumber) + 3).floorModulo(7) + 1 }

  public var description: String {
    let parts = components
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.year)-\(padded(parts.month))-\(padded(parts.day))"
  }

  public static func daysIn(month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Civil-date arithmetic over 400-year eras whose years begin in March, so that the leap day comes last.
  private static func dayNumber(year: Int, month: Int, day: Int) -> Int32 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(era * 146_097 + dayOfEra - 719_468)
  }

  private var components: (year: Int, month: Int, day: Int) {
    let shifted = Int(dayNumber) + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension BusinessDate: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(iso: try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Int {
  fileprivate func floorDivided(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  fileprivate func floorModulo(_ divisor: Int) -> Int { self - floorDivided(by: divisor) * divisor }
}
