/// RFC 4180 records from bytes: quoted fields, doubled quotes, CRLF or LF. Nothing is trimmed and nothing is guessed.
struct CSVRecords: Sequence, IteratorProtocol {
  struct Malformed: Error, CustomStringConvertible {
    let line: Int
    let what: String
    var description: String { "line \(line): \(what)" }
  }

  private let bytes: [UInt8]
  private var position = 0
  private(set) var line = 0
  /// Set when the input ends inside a quoted field or text follows a closing quote; the sequence then stops.
  private(set) var failure: Malformed?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> [String]? {
    guard position < bytes.count, failure == nil else { return nil }
    line += 1
    var fields: [String] = []
    while true {
      guard let field = nextField() else { return nil }
      fields.append(field)
      guard position < bytes.count else { return fields }
      let separator = bytes[position]
      position += 1
      if separator == UInt8(ascii: ",") { continue }
      if separator == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
        position += 1
      }
      return fields
    }
  }

  private mutating func nextField() -> String? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return plainField() }
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
        content.append(byte)
        position += 1
      } else if position == bytes.count || Self.endsField(bytes[position]) {
        return String(decoding: content, as: UTF8.self)
      } else {
        failure = Malformed(line: line, what: "text follows a closing quote")
        return nil
      }
    }
    failure = Malformed(line: line, what: "a quoted field is not closed")
    return nil
  }

  private mutating func plainField() -> String {
    let start = position
    while position < bytes.count, !Self.endsField(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func endsField(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
