internal import Kernel
internal import Logging

/// How a log line looks.
package enum LogFormat: String, Sendable, CaseIterable {
  /// One JSON object a line, for machines.
  case json
  /// One aligned line, for people.
  case human
}

/// Builds log lines. Whatever is in a message or a field, a line stays one line and valid UTF-8.
enum LogLine {
  struct Entry {
    let time: Instant
    let level: Logger.Level
    let service: String
    let message: String
    /// Sorted by key.
    let fields: [(key: String, value: Logger.MetadataValue)]
  }

  /// Longest text of one field, in characters; more is cut and marked.
  static let maximumFieldLength = 4096

  static func render(_ entry: Entry, as format: LogFormat) -> String {
    switch format {
    case .json: json(entry)
    case .human: human(entry)
    }
  }

  private static func json(_ entry: Entry) -> String {
    var line = #"{"time":""# + timestamp(entry.time) + #"","level":""# + entry.level.rawValue + #"","service":"#
    quote(entry.service, into: &line)
    line += #","message":"#
    quote(entry.message, into: &line)
    for (key, value) in entry.fields {
      line += ","
      quote(reserved.contains(key) ? key + "_" : key, into: &line)
      line += ":"
      append(value, to: &line)
    }
    line += "}\n"
    return line
  }

  /// Keys that every line has; a field of such a name gets an underscore.
  private static let reserved: Set<String> = ["time", "level", "service", "message"]

  private static func append(_ value: Logger.MetadataValue, to line: inout String) {
    switch value {
    case .string(let text): quote(text, into: &line)
    case .stringConvertible(let convertible): quote(convertible.description, into: &line)
    case .array(let values):
      line += "["
      for (index, value) in values.enumerated() {
        if index > 0 { line += "," }
        append(value, to: &line)
      }
      line += "]"
    case .dictionary(let values):
      line += "{"
      for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { line += "," }
        quote(key, into: &line)
        line += ":"
        append(value, to: &line)
      }
      line += "}"
    @unknown default: quote("\(value)", into: &line)
    }
  }

  private static func human(_ entry: Entry) -> String {
    let level = entry.level.rawValue.uppercased()
    var line = timestamp(entry.time) + " " + level + String(repeating: " ", count: max(1, 9 - level.count))
    line += entry.service + ": "
    escape(entry.message, into: &line)
    for (key, value) in entry.fields {
      line += " "
      escape(key, into: &line)
      line += "="
      escape("\(value)", into: &line)
    }
    line += "\n"
    return line
  }

  private static func quote(_ text: String, into line: inout String) {
    line += "\""
    for scalar in text.unicodeScalars.prefix(maximumFieldLength) {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case let scalar where scalar.value < 0x20 || isLineBreaking(scalar): line += escaped(scalar)
      default: line.unicodeScalars.append(scalar)
      }
    }
    if text.unicodeScalars.count > maximumFieldLength { line += "…" }
    line += "\""
  }

  /// Terminals obey control characters; a log must not.
  private static func escape(_ text: String, into line: inout String) {
    for scalar in text.unicodeScalars.prefix(maximumFieldLength) {
      if scalar.value < 0x20 || isLineBreaking(scalar) {
        line += escaped(scalar)
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    if text.unicodeScalars.count > maximumFieldLength { line += "…" }
  }

  private static func isLineBreaking(_ scalar: Unicode.Scalar) -> Bool {
    (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// `2026-01-02T03:04:05.678Z`.
  static func timestamp(_ time: Instant) -> String {
    let milliseconds = time.microseconds.floorDivided(by: 1000)
    let (days, rest) = (milliseconds.floorDivided(by: 86_400_000), milliseconds.floorModulo(86_400_000))
    guard let number = Int32(exactly: days), let date = try? BusinessDate(dayNumber: number) else { return "-" }
    func padded(_ number: Int64, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let seconds = rest / 1000
    return "\(date)T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
      + ".\(padded(rest % 1000, 3))Z"
  }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }
  fileprivate func floorModulo(_ divisor: Int64) -> Int64 { self - floorDivided(by: divisor) * divisor }
}
