/// Comma-separated values as RFC 4180 has them: UTF-8, a comma between cells, cells in quotes where they hold commas, quotes or
/// line ends. Written with CRLF; read with CRLF or LF and an optional byte order mark.
enum CSVText {
  struct Row {
    /// Line of the file on which it begins, 1 for the first.
    let line: Int
    let cells: [String]
  }

  struct Mistake: Error {
    let line: Int
    let problem: String
  }

  static func line(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\r\n" }

  /// Blanks at the ends are kept by quoting, too, because programs that edit tables drop them otherwise.
  private static func quoted(_ cell: String) -> String {
    let isPlain = !cell.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    if isPlain, cell.utf8.first != 0x20, cell.utf8.last != 0x20 { return cell }
    var text = "\""
    for character in cell.unicodeScalars {
      if character == "\"" { text.unicodeScalars.append("\"") }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }

  /// - Throws: `Mistake` for bytes that are not UTF-8 and for a quote that does not end.
  static func rows(_ bytes: some Sequence<UInt8>) throws(Mistake) -> [Row] {
    var bytes = Array(bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var reader = Reader(bytes: bytes)
    var rows: [Row] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// `nil` at the end. Empty lines are passed over.
    mutating func next() throws(Mistake) -> Row? {
      while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D {
        if bytes[position] == 0x0A { line += 1 }
        position += 1
      }
      if position == bytes.count { return nil }
      let first = line
      var cells: [String] = []
      while true {
        cells.append(try cell())
        guard position < bytes.count, bytes[position] == 0x2C else { break }
        position += 1
      }
      return Row(line: first, cells: cells)
    }

    private mutating func cell() throws(Mistake) -> String {
      var cell: [UInt8] = []
      if position < bytes.count, bytes[position] == 0x22 {
        let opened = line
        position += 1
        while true {
          guard position < bytes.count else { throw Mistake(line: opened, problem: "a quote does not end") }
          let byte = bytes[position]
          position += 1
          if byte == 0x22 {
            guard position < bytes.count, bytes[position] == 0x22 else { break }
            position += 1
          }
          if byte == 0x0A { line += 1 }
          cell.append(byte)
        }
        guard position == bytes.count || [0x2C, 0x0A, 0x0D].contains(bytes[position]) else {
          throw Mistake(line: line, problem: "text follows a closing quote")
        }
      } else {
        while position < bytes.count, ![0x2C, 0x0A, 0x0D].contains(bytes[position]) {
          if bytes[position] == 0x22 { throw Mistake(line: line, problem: "a quote inside an unquoted cell") }
          cell.append(bytes[position])
          position += 1
        }
      }
      guard let text = String(validating: cell, as: UTF8.self) else {
        throw Mistake(line: line, problem: "the text is not UTF-8")
      }
      return text
    }
  }
}
