/// JSON as the log keeps it: UTF-8, keys sorted, no white space, whole numbers only, so that equal content has equal bytes.
enum JSONValue: Hashable {
  case null
  case flag(Bool)
  case integer(Int64)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  static func text(_ value: String?) -> JSONValue { value.map(JSONValue.text) ?? .null }
  static func integer(_ value: Int64?) -> JSONValue { value.map(JSONValue.integer) ?? .null }

  /// An object without the members that are null.
  static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    var object: [String: JSONValue] = [:]
    object.reserveCapacity(members.count)
    for (key, value) in members where value != .null { object[key] = value }
    return .object(object)
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    write(to: &bytes)
    return bytes
  }

  /// As `bytes`, for a column of text.
  var string: String { String(decoding: bytes, as: UTF8.self) }

  func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .flag(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let integer): bytes += String(integer).utf8
    case .text(let text): Self.write(text, to: &bytes)
    case .list(let list):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in list.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)

  static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    if isPlain {
      bytes.append(contentsOf: text.utf8)
      bytes.append(UInt8(ascii: "\""))
      return
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        bytes += "\\u00".utf8
        bytes += [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// What the log holds is not what this program writes.
struct LogFormatError: Error, CustomStringConvertible {
  var description: String
}

extension JSONValue {
  subscript(key: String) -> JSONValue {
    if case .object(let object) = self { object[key] ?? .null } else { .null }
  }

  func text(_ key: String) throws -> String {
    guard case .text(let text) = self[key] else { throw LogFormatError(description: "\(key) is no text") }
    return text
  }

  func optionalText(_ key: String) throws -> String? { self[key] == .null ? nil : try text(key) }

  func integer(_ key: String) throws -> Int64 {
    guard case .integer(let integer) = self[key] else { throw LogFormatError(description: "\(key) is no integer") }
    return integer
  }

  func optionalInteger(_ key: String) throws -> Int64? { self[key] == .null ? nil : try integer(key) }

  func flag(_ key: String) throws -> Bool {
    guard case .flag(let flag) = self[key] else {
      throw LogFormatError(description: "\(key) is neither true nor false")
    }
    return flag
  }

  func list(_ key: String) throws -> [JSONValue] {
    guard case .list(let list) = self[key] else { throw LogFormatError(description: "\(key) is no list") }
    return list
  }

  func word<Value: RawRepresentable<String>>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
    guard let value = Value(rawValue: try text(key)) else {
      throw LogFormatError(description: "\(key) is no \(Value.self): \(try text(key))")
    }
    return value
  }

  func optionalWord<Value: RawRepresentable<String>>(_ key: String, as type: Value.Type = Value.self) throws -> Value? {
    self[key] == .null ? nil : try word(key)
  }
}
