extension Scorecard {
  /// The text that a scorecard's digest covers: everything that decides points and grades, tab-separated lines in the
  /// scorecard's order. Titles, sources, counts and the model card stay out: correcting a translation does not make
  /// another result.
  package var canonicalText: String {
    var lines = [
      ["huirong-scorecard/1"], ["scorecard", id, purpose.rawValue, "\(constantPoints)"],
    ]
    for characteristic in characteristics {
      lines.append(["characteristic", characteristic.id, characteristic.unit])
      for bin in characteristic.bins { lines.append(["bin", bin.label] + bin.cover.canonical + ["\(bin.points)"]) }
    }
    for cut in grades { lines.append(["grade", cut.grade, cut.minimum.map(String.init) ?? ""]) }
    for cut in platformGrades {
      lines.append(["platform-grade", cut.grade.rawValue, cut.minimum.map(String.init) ?? ""])
    }
    return CanonicalText.join(lines)
  }
}

extension Bin.Cover {
  fileprivate var canonical: [String] {
    switch self {
    case .range(let range):
      [
        "range", range.lower.map(String.init) ?? "", range.lowerInclusive ? "1" : "0",
        range.upper.map(String.init) ?? "", range.upperInclusive ? "1" : "0",
      ]
    case .group(let values): ["group"] + values
    case .other: ["other"]
    case .missing: ["missing"]
    }
  }
}

/// Tab-separated lines, each ending in a line feed. Backslashes, tabs and line ends inside a field are escaped, so that
/// two different contents never have one text.
enum CanonicalText {
  static func join(_ lines: [[String]]) -> String {
    lines.map { $0.map(escape).joined(separator: "\t") + "\n" }.joined()
  }

  private static func escape(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == 92 || $0 == 9 || $0 == 10 || $0 == 13 }) else { return field }
    var escaped = ""
    for scalar in field.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\t": escaped += "\\t"
      case "\n": escaped += "\\n"
      case "\r": escaped += "\\r"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
