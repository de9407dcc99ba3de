package import Kernel

/// GB/T 2260 administrative codes and their prefixes: 2 digits a province, 4 a city, 6 a county, 9 a town, 12 a village.
package enum RegionCode {
  package static let lengths: [Int] = [2, 4, 6, 9, 12]

  package static func isValid(_ code: String) -> Bool {
    lengths.contains(code.utf8.count) && code.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// - Throws: `INVALID_REGION`.
  package static func validate(_ code: String, field: String) throws(DomainError) {
    guard isValid(code) else {
      throw DomainError(
        .invalidRegion, "\"\(code.prefix(16))\" is not a GB/T 2260 code of 2, 4, 6, 9 or 12 digits", field: field)
    }
  }

  /// - Throws: `INVALID_REGION` naming the element.
  package static func validate(list: [String], field: String) throws(DomainError) {
    guard list.count <= CatalogLimits.serviceRegions else {
      throw .invalid(field, "at most \(CatalogLimits.serviceRegions) regions")
    }
    for (index, code) in list.enumerated() { try validate(code, field: "\(field)[\(index)]") }
  }
}

/// GB/T 4754-2017 industry codes, kept in the canonical form section letter + digits (`C1311`), so that a code at any level
/// is a prefix of the codes below it.
package enum IndustryCode {
  /// First and last division (two digits) of each section.
  private static let sections: [(letter: UInt8, divisions: ClosedRange<Int>)] = [
    ("A", 1...5), ("B", 6...12), ("C", 13...43), ("D", 44...46), ("E", 47...50), ("F", 51...52), ("G", 53...60),
    ("H", 61...62), ("I", 63...65), ("J", 66...69), ("K", 70...70), ("L", 71...72), ("M", 73...75), ("N", 76...79),
    ("O", 80...82), ("P", 83...83), ("Q", 84...85), ("R", 86...90), ("S", 91...96), ("T", 97...97),
  ].map { (letter: UInt8(ascii: $0.0), divisions: $0.1) }

  /// Letters of all sections, in order.
  package static let sectionLetters: [String] = sections.map { String(decoding: [$0.letter], as: UTF8.self) }

  /// `C`, `C13`, `13`, `131` or `C1311` in canonical form.
  /// - Throws: `INVALID_INDUSTRY` for a letter that is no section, a division outside its section, or a wrong length.
  package static func canonical(_ text: String, field: String) throws(DomainError) -> String {
    var bytes = Array(text.utf8)
    func refuse() -> DomainError {
      DomainError(.invalidIndustry, "\"\(text.prefix(16))\" is not a GB/T 4754-2017 code", field: field)
    }
    var letter: UInt8?
    if let first = bytes.first, (65...90).contains(first) {
      letter = first
      bytes.removeFirst()
    }
    guard bytes.allSatisfy({ (48...57).contains($0) }) else { throw refuse() }
    if bytes.isEmpty {
      guard let letter, sections.contains(where: { $0.letter == letter }) else { throw refuse() }
      return text
    }
    guard (2...4).contains(bytes.count) else { throw refuse() }
    let division = Int(bytes[0] - 48) * 10 + Int(bytes[1] - 48)
    guard let section = sections.first(where: { $0.divisions.contains(division) }),
      letter == nil || letter == section.letter
    else { throw refuse() }
    return String(decoding: [section.letter] + bytes, as: UTF8.self)
  }
}
