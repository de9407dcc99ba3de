/// Reads back what `JSONValue` wrote: strict JSON with whole numbers, nested at most `maximumDepth` deep.
struct JSONParser {
  private static let maximumDepth = 32

  private let bytes: [UInt8]
  private var index = 0

  static func parse(_ bytes: [UInt8]) throws -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    guard parser.index == bytes.count else { throw parser.error("more follows") }
    return value
  }

  static func parse(_ text: String) throws -> JSONValue { try parse(Array(text.utf8)) }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < Self.maximumDepth else { throw error("nested too deep") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .flag(true))
    case UInt8(ascii: "f"): return try word("false", .flag(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .integer(try integer())
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    index += 1
    return true
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    index += 1
    var object: [String: JSONValue] = [:]
    if take(UInt8(ascii: "}")) { return .object(object) }
    repeat {
      guard next == UInt8(ascii: "\"") else { throw error("a key is missing") }
      let key = try string()
      guard take(UInt8(ascii: ":")) else { throw error("a colon is missing") }
      object[key] = try value(depth: depth + 1)
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("an object does not end") }
    return .object(object)
  }

  private mutating func list(depth: Int) throws -> JSONValue {
    index += 1
    var list: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .list(list) }
    repeat { list.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("a list does not end") }
    return .list(list)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
    let utf8 = Array(word.utf8)
    guard index + utf8.count <= bytes.count, Array(bytes[index..<index + utf8.count]) == utf8 else {
      throw error("an unknown word")
    }
    index += utf8.count
    return value
  }

  private mutating func integer() throws -> Int64 {
    let start = index
    _ = take(UInt8(ascii: "-"))
    while let next, (0x30...0x39).contains(next) { index += 1 }
    guard let integer = Int64(String(decoding: bytes[start..<index], as: UTF8.self)) else {
      throw error("no whole number")
    }
    return integer
  }

  private mutating func string() throws -> String {
    index += 1
    let start = index
    while let next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { index += 1 }
    if take(UInt8(ascii: "\"")) { return String(decoding: bytes[start..<index - 1], as: UTF8.self) }
    var text = Array(bytes[start..<index])
    while let next {
      index += 1
      switch next {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text.append(try escaped())
      default: text.append(next)
      }
    }
    throw error("a text does not end")
  }

  /// The escapes that the writer uses: the quote, the backslash and control characters.
  private mutating func escaped() throws -> UInt8 {
    guard let next else { throw error("an escape does not end") }
    index += 1
    if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") { return next }
    guard next == UInt8(ascii: "u"), index + 4 <= bytes.count,
      let code = UInt8(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16), code < 0x20
    else { throw error("an unknown escape") }
    index += 4
    return code
  }

  private func error(_ what: String) -> LogFormatError {
    LogFormatError(description: "JSON at byte \(index): \(what)")
  }
}
