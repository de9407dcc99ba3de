import Kernel

/// Reads CSV (RFC 4180) in UTF-8, with or without a byte order mark, lines ending in LF or CRLF.
struct CSVReader {
  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private let bytes: [UInt8]
  private let maximum: Int
  private var index = 0
  private var line = 1
  private var records: [[String]] = []
  /// Records up to the last that is no empty line.
  private var filled = 0

  /// - Throws: `DATA_REFUSED` naming the line, `BATCH_TOO_LARGE`.
  static func records(_ bytes: [UInt8], maximum: Int) throws(DomainError) -> [[String]] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw DomainError(.dataRefused, "the file is not UTF-8", field: "csv")
    }
    var reader = CSVReader(bytes: bytes, maximum: maximum)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
    while reader.index < bytes.count { try reader.record() }
    // What ends the file is no row.
    while reader.records.last == [""] { reader.records.removeLast() }
    return reader.records
  }

  private init(bytes: [UInt8], maximum: Int) {
    self.bytes = bytes
    self.maximum = maximum
  }

  /// One line, or several when a quoted cell holds line ends. An empty line is a record of one empty cell, so that those after
  /// it keep their places.
  private mutating func record() throws(DomainError) {
    var record: [String] = []
    record.reserveCapacity(records.first?.count ?? 16)
    while true {
      record.append(index < bytes.count && bytes[index] == Self.quote ? try quoted() : try plain())
      guard index < bytes.count else { break }
      let end = bytes[index]
      index += 1
      if end == Self.newline {
        line += 1
        break
      }
      // A comma: a cell follows, if only an empty one at the end of the file.
    }
    records.append(record)
    if record != [""] { filled = records.count }
    guard filled <= maximum else {
      throw DomainError(.batchTooLarge, "the file has more than \(maximum - 1) rows", field: "csv")
    }
  }

  /// A cell up to a comma or the line's end; carriage returns are dropped.
  private mutating func plain() throws(DomainError) -> String {
    let start = index
    var hasReturn = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == Self.comma || byte == Self.newline { break }
      if byte == Self.quote { throw refused("a quotation mark inside a cell") }
      if byte == Self.carriageReturn { hasReturn = true }
      index += 1
    }
    let cell = bytes[start..<index]
    if hasReturn { return String(decoding: cell.filter { $0 != Self.carriageReturn }, as: UTF8.self) }
    return String(decoding: cell, as: UTF8.self)
  }

  /// A cell between quotation marks, two of which stand for one.
  private mutating func quoted() throws(DomainError) -> String {
    index += 1
    var cell: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == Self.newline { line += 1 }
      if byte != Self.quote {
        cell.append(byte)
      } else if index < bytes.count, bytes[index] == Self.quote {
        cell.append(byte)
        index += 1
      } else {
        try endQuoted()
        return String(decoding: cell, as: UTF8.self)
      }
    }
    throw refused("a quoted cell that does not end")
  }

  private mutating func endQuoted() throws(DomainError) {
    while index < bytes.count, bytes[index] == Self.carriageReturn { index += 1 }
    guard index < bytes.count else { return }
    switch bytes[index] {
    case Self.comma, Self.newline: return
    case Self.quote: throw refused("a quotation mark inside a cell")
    default: throw refused("text after a quoted cell")
    }
  }

  private func refused(_ why: String) -> DomainError {
    DomainError(.dataRefused, "line \(line): \(why)", field: "csv", metadata: ["line": String(line)])
  }
}
