import Kernel

/// Reads CSV (RFC 4180) in UTF-8, with or without a byte order mark, lines ending in LF or CRLF.
enum CSVReader {
  /// - Throws: `DATA_REFUSED` naming the line, `BATCH_TOO_LARGE`.
  static func records(_ bytes: [UInt8], maximum: Int) throws(DomainError) -> [[String]] {
    guard
      let text = String(
        validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
    else { throw DomainError(.dataRefused, "the file is not UTF-8", field: "csv") }
    var records: [[String]] = []
    var record: [String] = []
    var cell = ""
    var isQuoted = false
    var wasQuoted = false
    var line = 1
    func close() {
      record.append(cell)
      cell = ""
      wasQuoted = false
    }
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if isQuoted {
        if scalar == "\"" {
          if index < scalars.count, scalars[index] == "\"" {
            cell.unicodeScalars.append(scalar)
            index += 1
          } else {
            isQuoted = false
          }
        } else {
          if scalar == "\n" { line += 1 }
          cell.unicodeScalars.append(scalar)
        }
        continue
      }
      switch scalar {
      case "\"" where cell.isEmpty && !wasQuoted:
        isQuoted = true
        wasQuoted = true
      case "\"": throw refused("a quotation mark inside a cell", line)
      case ",": close()
      case "\r": break
      case "\n":
        close()
        if record != [""] { records.append(record) }
        record = []
        line += 1
        guard records.count <= maximum else {
          throw DomainError(.batchTooLarge, "the file has more than \(maximum - 1) rows", field: "csv")
        }
      default:
        if wasQuoted { throw refused("text after a quoted cell", line) }
        cell.unicodeScalars.append(scalar)
      }
    }
    if isQuoted { throw refused("a quoted cell that does not end", line) }
    if !cell.isEmpty || !record.isEmpty {
      close()
      records.append(record)
    }
    guard records.count <= maximum else {
      throw DomainError(.batchTooLarge, "the file has more than \(maximum - 1) rows", field: "csv")
    }
    return records
  }

  private static func refused(_ why: String, _ line: Int) -> DomainError {
    DomainError(.dataRefused, "line \(line): \(why)", field: "csv", metadata: ["line": String(line)])
  }
}
