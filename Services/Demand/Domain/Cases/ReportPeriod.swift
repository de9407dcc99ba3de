package import Kernel

/// A month "2025-01", a quarter "2025-Q1" or a year "2025".
package struct ReportPeriod: Hashable, Sendable {
  package enum Length: String, Sendable, Hashable, CaseIterable { case month, quarter, year }

  package let text: String
  package let length: Length
  package let from: BusinessDate
  package let to: BusinessDate

  /// - Throws: `INVALID_ARGUMENT` naming the field.
  package init(_ text: String, field: String) throws(DomainError) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let isYear = parts[0].utf8.count == 4 && parts[0].utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isYear, let year = Int(parts[0]), (2000...2199).contains(year),
      let span = Self.span(parts.count == 2 ? parts[1] : nil)
    else {
      throw DomainError.invalid(
        field, "\"\(text.prefix(16))\" is no month 2025-01, quarter 2025-Q1 or year 2025, 2000 to 2199")
    }
    self.text = text
    length = span.length
    from = try BusinessDate(year: year, month: span.first, day: 1)
    let last = span.first + span.months - 1
    to = try BusinessDate(year: year, month: last, day: BusinessDate.daysIn(month: last, year: year))
  }

  private static func span(_ part: Substring?) -> (length: Length, first: Int, months: Int)? {
    guard let part else { return (.year, 1, 12) }
    guard part.utf8.count == 2 else { return nil }
    if part.hasPrefix("Q") {
      guard let number = Int(part.dropFirst()), (1...4).contains(number) else { return nil }
      return (.quarter, number * 3 - 2, 3)
    }
    guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let month = Int(part), (1...12).contains(month) else {
      return nil
    }
    return (.month, month, 1)
  }
}
