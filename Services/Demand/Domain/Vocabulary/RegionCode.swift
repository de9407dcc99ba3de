package import Kernel

/// An administrative division by GB/T 2260 (6 digits: province, city, county), continued by GB/T 10114 for the town
/// (9 digits) and the village (12 digits).
///
/// Only the form is checked: the register of divisions changes every year and is data, not code.
package struct RegionCode: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// Provinces, autonomous regions, municipalities and special regions of GB/T 2260.
  private static let provinces: Set<String> = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
  ]
  private static let municipalities: Set<String> = ["11", "12", "31", "50"]
  private static let prefixLengths = [0, 2, 4, 6, 9, 12]

  /// - Throws: `INVALID_REGION` naming the field.
  package init(_ text: String, field: String = "region_code") throws(DomainError) {
    guard [6, 9, 12].contains(text.utf8.count), Self.isPrefix(text) else {
      throw DomainError(
        .invalidRegion, "\"\(text.prefix(24))\" is no GB/T 2260 code of 6, 9 or 12 digits", field: field)
    }
    if text.dropFirst(2).prefix(2) == "00", text.dropFirst(4).prefix(2) != "00" {
      throw DomainError(.invalidRegion, "\"\(text)\" names a county of no city", field: field)
    }
    self.text = text
  }

  /// Whether a text may stand before a code: "" or 2, 4, 6, 9 or 12 digits of a known province.
  package static func isPrefix(_ text: String) -> Bool {
    guard prefixLengths.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return false
    }
    return text.isEmpty || provinces.contains(String(text.prefix(2)))
  }

  package var province: String { String(text.prefix(2)) }
  package var city: String { String(text.prefix(4)) }
  package var county: String { String(text.prefix(6)) }
  /// `nil` when the code ends at the county.
  package var town: String? { text.utf8.count >= 9 ? String(text.prefix(9)) : nil }
  /// `nil` when the code ends at the town.
  package var village: String? { text.utf8.count == 12 ? text : nil }

  /// Prefix the city's regulator answers for: the whole municipality where the province is the city.
  package var cityRegulatorScope: String? {
    if Self.municipalities.contains(province) { return province }
    return city.hasSuffix("00") ? nil : city
  }

  /// Prefix the county's regulator answers for; `nil` for a place that belongs to a city as a whole.
  package var countyRegulatorScope: String? { county.hasSuffix("00") ? nil : county }

  package func lies(in prefix: String) -> Bool { text.hasPrefix(prefix) }

  package static func < (left: RegionCode, right: RegionCode) -> Bool { left.text < right.text }
  package var description: String { text }
}
