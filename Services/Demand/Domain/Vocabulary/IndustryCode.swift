package import Kernel

/// An industry by GB/T 4754-2017: a section letter, then nothing, a division (2 digits), a group (3) or a class (4).
package struct IndustryCode: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  /// Divisions of each section: a code whose digits belong to another letter is a slip of the pen.
  private static let divisions: [Character: ClosedRange<Int>] = [
    "A": 1...5, "B": 6...12, "C": 13...43, "D": 44...46, "E": 47...50, "F": 51...52, "G": 53...60, "H": 61...62,
    "I": 63...65, "J": 66...69, "K": 70...70, "L": 71...72, "M": 73...75, "N": 76...79, "O": 80...82, "P": 83...83,
    "Q": 84...85, "R": 86...90, "S": 91...96, "T": 97...97,
  ]

  /// - Throws: `INVALID_INDUSTRY` naming the field.
  package init(_ text: String, field: String = "industry_code") throws(DomainError) {
    let digits = text.dropFirst()
    guard let section = text.first, let range = Self.divisions[section], [0, 2, 3, 4].contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw DomainError(
        .invalidIndustry, "\"\(text.prefix(16))\" is no GB/T 4754 code: a letter A–T, then 0, 2, 3 or 4 digits",
        field: field)
    }
    if let division = Int(digits.prefix(2)), !range.contains(division) {
      throw DomainError(
        .invalidIndustry, "division \(digits.prefix(2)) does not belong to section \(section) of GB/T 4754",
        field: field)
    }
    self.text = text
  }

  package var description: String { text }
}
