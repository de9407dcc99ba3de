/// Columns aligned for a terminal; East Asian wide characters count two cells.
struct Table {
  enum Alignment { case left, right }

  private let header: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ columns: [(String, Alignment)]) {
    header = columns.map(\.0)
    alignments = columns.map(\.1)
  }

  mutating func add(_ cells: String...) { rows.append(cells) }

  func rendered(indent: String = "  ") -> String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - Self.width(cells[column]))
        return alignments[column] == .left ? cells[column] + padding : padding + cells[column]
      }
      return indent + padded.joined(separator: "  ").trimmedRight
    }
    let rule = indent + widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }

  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) {
      $0 + ((0x1100...0x115F).contains($1.value) || (0x2E80...0xFFE6).contains($1.value) ? 2 : 1)
    }
  }
}

extension String {
  fileprivate var trimmedRight: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}

extension Int64 {
  /// `1 234 567`
  var grouped: String {
    var digits = Array(String(magnitude))
    var index = digits.count - 3
    while index > 0 {
      digits.insert(" ", at: index)
      index -= 3
    }
    return (self < 0 ? "-" : "") + String(digits)
  }

  /// Minor units as whole units with grouping and two decimals: `1 234.56`.
  var asMoney: String {
    let cents = magnitude % 100
    return "\(self < 0 ? "-" : "")\(Int64(magnitude / 100).grouped).\(cents < 10 ? "0" : "")\(cents)"
  }
}
